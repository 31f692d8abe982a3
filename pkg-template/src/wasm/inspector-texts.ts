// The code around the inspector's binary is generated, and converts texts as soon as it is loaded. Before that, this says what a runtime lacks.
import { needGlobals } from "../checks.js";

needGlobals("TextEncoder", "TextDecoder");
