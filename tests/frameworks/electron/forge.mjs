// Builds the main process with the configuration of Electron Forge's Vite plugin, which is CommonJS.
import { getConfig } from "./node_modules/@electron-forge/plugin-vite/dist/config/vite.main.config.js";
import { build } from "vite";

const root = import.meta.dirname;
const forgeConfigSelf = { entry: "src/main/index.js" };
await build(
  getConfig({ root, command: "build", mode: "production", forgeConfig: { build: [forgeConfigSelf], renderer: [] }, forgeConfigSelf }),
);
