export default { ssr: { noExternal: process.env.NO_EXTERNAL ? true : [] } };
