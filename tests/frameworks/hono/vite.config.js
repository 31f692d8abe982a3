import { cloudflare } from "@cloudflare/vite-plugin";

export default { plugins: [cloudflare({ inspectorPort: false })], server: { host: "127.0.0.1", port: 0 }, preview: { host: "127.0.0.1", port: 0 } };
