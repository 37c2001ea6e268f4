// Scores the responses in the JSON on stdin; prints each score with the test results.
// The Observatory's own scan() fetches pages over the network and rejects 404s, so its tests are called one by one.
import { readFileSync } from "node:fs";
import { AxiosHeaders } from "axios";
import { CookieJar } from "tough-cookie";

const SOURCE = "./node_modules/@mdn/mdn-http-observatory/src/";
const { ALL_TESTS } = await import(`${SOURCE}constants.js`);
const { Requests } = await import(`${SOURCE}types.js`);
const { getScoreModifier } = await import(`${SOURCE}grader/grader.js`);

const toResponse = ({ status, headers, cookies, body }) => ({
  status,
  headers: new AxiosHeaders({ ...headers, ...(cookies.length ? { "set-cookie": cookies } : {}) }),
  data: body,
  verified: true,
  httpEquiv: new Map(),
});

async function score({ url, plain, page, options, chain }) {
  const here = new URL(url);
  const requests = new Requests(here.hostname);
  const response = toResponse(page);
  const jar = new CookieJar();
  for (const cookie of page.cookies) await jar.setCookie(cookie, url);
  const history = chain.map((step) => ({ url: new URL(step.url), status: step.status }));
  const redirects = [{ url: new URL(plain.url), status: plain.status }, ...history];
  Object.assign(requests.responses, {
    auto: response, https: response, http: response,
    cors: toResponse(options), httpRedirects: redirects, httpsRedirects: history,
  });
  requests.resources.path = page.body;
  requests.session = { url: here, jar, redirectHistory: history, response };
  const results = ALL_TESTS.map((test) => test(requests).result);
  return { score: results.reduce((sum, result) => sum + getScoreModifier(result), 100), results };
}

const pages = JSON.parse(readFileSync(0, "utf8"));
const scores = {};
for (const [name, page] of Object.entries(pages)) scores[name] = await score(page);
console.log(JSON.stringify(scores));
