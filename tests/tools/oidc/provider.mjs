// A real provider of OpenID Connect on this host. Arguments: the folder of its modules, and the
// redirect addresses of the client. Whoever types a name is that account; the name is its NIP.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [modules, ...redirects] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const page = (content) => `<!doctype html><html lang="en"><title>Agency account</title>
<link rel="icon" href="data:,"><h1>Agency account</h1>${content}</html>`;
const signIn = (path) => `<form method="post" action="${path}"><label>Name <input name="name"></label>
<button>Sign in</button><button name="cancel" value="yes">Cancel</button></form>`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "elearn",
      client_secret: "a secret of this test",
      redirect_uris: redirects.map((url) => `${url}/login/oidc/callback`),
      post_logout_redirect_uris: redirects.map((url) => `${url}/login`),
    },
  ],
  claims: { openid: ["sub", "nip", "amr"] },
  cookies: { keys: ["only for this test"] },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      logoutSource: (ctx, form) => {
        ctx.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
      },
    },
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...(id === "none" ? {} : { nip: id }) }),
  }),
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({
      clientId: oidc.client.clientId,
      accountId: oidc.session.accountId,
    });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
});

async function typed(request) {
  let body = "";
  for await (const piece of request) body += piece;
  return new URLSearchParams(body);
}

async function interact(request, response) {
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(page(signIn(request.url)));
    return;
  }
  const form = await typed(request);
  const result = form.get("cancel")
    ? { error: "access_denied" }
    : { login: { accountId: form.get("name"), amr: ["pwd", "otp"] } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const rest = provider.callback();
server.on("request", (request, response) =>
  request.url.startsWith("/interaction/") ? interact(request, response) : rest(request, response),
);
console.log(issuer);
// Ends with who started it.
createInterface({ input: process.stdin }).on("close", () => process.exit(0));
