import { app } from "./app.mjs";

app().then((result) => console.log(JSON.stringify(result)));
