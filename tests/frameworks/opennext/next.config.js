// Without this, Next.js would bundle the package for Node, whose binary Workers do not compile at run time.
export default { serverExternalPackages: ["kraken-signer"] };
