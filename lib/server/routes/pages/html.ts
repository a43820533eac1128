/** What pages may load: their own scripts and styles, and answers of this server. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/** Takes the token out of the address (`/login#token=…`, which no server and no log sees) into a cookie. */
export const LOGIN_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>dbx: log in</title>
<p id="said">logging in …</p>
<script src="/login.js"></script>
</html>
`;

/** The script of that page. */
export const LOGIN_SCRIPT = `const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", "/login");
const said = document.getElementById("said");
const fail = (text) => { said.textContent = text; };
if (token) {
  const options = { method: "POST", body: JSON.stringify({ token }), headers: { "content-type": "application/json" } };
  fetch("/api/v1/session", options).then(async (response) => {
    if (response.ok) location.replace("/");
    else fail((await response.json()).error);
  }, () => fail("The server cannot be reached."));
} else fail("This address has no token: use the link that dbx serve printed.");
`;

/** Says what this is. `hasTokens`: the reader has logged in, and may log out. */
export function homePage(hasTokens: boolean): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>dbx</title>
<h1>dbx</h1>
<p>A repository of experiments. <a href="/api/v1/openapi.json">The interface</a>,
<a href="/api/v1/experiments">the experiments</a>, <a href="/api/v1/schema">the schema</a>,
<a href="/metrics">metrics</a>.</p>
${hasTokens ? LOG_OUT : ""}</html>
`;
}

const LOG_OUT = `<p><button id="logout" type="button">Log out</button></p>
<script src="/home.js"></script>
`;

/** The script of that page. */
export const HOME_SCRIPT = `const button = document.getElementById("logout");
button.addEventListener("click", async () => {
  const { ok } = await fetch("/api/v1/session", { method: "DELETE" });
  button.textContent = ok ? "Logged out" : "Log out: try again";
  button.disabled = ok;
});
`;

/** An answer with a page. */
export function htmlAnswer(html: string): Response {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": PAGE_POLICY,
    "cache-control": "no-cache",
  };
  return new Response(html, { headers });
}
