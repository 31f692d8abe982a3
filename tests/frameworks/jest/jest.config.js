module.exports = {
  projects: ["node", "jsdom"].map((environment) => ({
    displayName: environment,
    testEnvironment: environment === "jsdom" ? "./jsdom.js" : environment,
    transform: {},
    moduleFileExtensions: ["js", "mjs"],
    testMatch: ["**/test/*.test.{js,mjs}"],
  })),
};
