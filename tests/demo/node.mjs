// The demo's Node program: keys from the environment, a transcript on standard output.
import { makeCalls } from "./calls.mjs";

console.log(JSON.stringify(await makeCalls(process.env)));
