// undici's `request`, which leaves out what `fetch` has to do by its standard. Nobody signs here.
export default {
  "undici request": async ({ url, endpoint, bare: { headers, body }, keys }) => {
    const { request } = await import("undici");
    const call = async () => {
      const answer = await request(`${url}/0/private/${endpoint}`, { method: "POST", headers, body });
      return JSON.parse(await answer.body.text()).result;
    };
    return keys.map(() => call);
  },
};
