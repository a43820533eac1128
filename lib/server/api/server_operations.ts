import type { Answer, Operations } from "./operation.ts";
import { json, JSON_TYPE, UNCHANGED } from "./parts.ts";
import { named, object, text } from "./schema.ts";
import { TOKEN } from "./schemas.ts";

const page = (help: string, type = "text/html"): Answer => ({ help, content: { [type]: text(MAX_PAGE_LENGTH) } });
/** Characters of a page of the server's own. */
const MAX_PAGE_LENGTH = 1024 * 1024;

/** The server itself: what it offers, logging in with a browser, its pages. */
export const SERVER_OPERATIONS = {
  about: {
    path: "/api/v1",
    method: "GET",
    right: "read",
    tag: "server",
    summary: "The repositories, and the role of the token.",
    answers: { 200: json("`repository` is the one at this address", named("About")), 304: UNCHANGED },
  },
  openapi: {
    path: "/api/v1/openapi.json",
    method: "GET",
    right: "open",
    tag: "server",
    summary: "This document.",
    answers: { 200: json("an OpenAPI document", { type: "object", required: ["openapi", "paths"] }), 304: UNCHANGED },
  },
  login: {
    path: "/api/v1/session",
    method: "POST",
    right: "open",
    tag: "server",
    summary: "Stores a token in a browser cookie that scripts cannot read.",
    body: {
      type: JSON_TYPE,
      help: "the token",
      schema: object({ token: TOKEN }),
      bytes: 4096,
      examples: { token: { token: "a token" } },
    },
    answers: {
      204: {
        help: "the cookie is set if the server requires tokens",
        headers: { "set-cookie": { help: "the cookie", schema: text(4096) } },
      },
    },
    errors: [401],
  },
  logout: {
    path: "/api/v1/session",
    method: "DELETE",
    right: "open",
    tag: "server",
    summary: "Removes the cookie.",
    answers: {
      204: {
        help: "the cookie was removed",
        headers: { "set-cookie": { help: "an expired cookie", schema: text(4096), required: true } },
      },
    },
  },
  health: {
    path: "/healthz",
    method: "GET",
    right: "open",
    tag: "server",
    summary: "Whether the server answers.",
    answers: { 200: json("the server answers", named("Healthy")) },
  },
  metrics: {
    path: "/metrics",
    method: "GET",
    right: "read",
    tag: "server",
    summary: "Metrics in Prometheus format.",
    answers: { 200: page("text format 0.0.4", "text/plain") },
  },
  home: {
    path: "/",
    method: "GET",
    right: "read",
    tag: "pages",
    summary: "A page with links.",
    answers: { 200: page("a page") },
  },
  home_script: {
    path: "/home.js",
    method: "GET",
    right: "open",
    tag: "pages",
    summary: "The script of that page.",
    answers: { 200: page("a script", "text/javascript"), 304: UNCHANGED },
  },
  login_page: {
    path: "/login",
    method: "GET",
    right: "open",
    tag: "pages",
    summary: "A page that moves the token from its address (`/login#token=…`) into a cookie.",
    answers: { 200: page("a page") },
  },
  login_script: {
    path: "/login.js",
    method: "GET",
    right: "open",
    tag: "pages",
    summary: "The script of that page.",
    answers: { 200: page("a script", "text/javascript"), 304: UNCHANGED },
  },
} as const satisfies Operations;
