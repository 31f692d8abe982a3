export default { main: { build: { externalizeDeps: process.env.BUNDLED ? { exclude: ["kraken-signer"] } : true } } };
