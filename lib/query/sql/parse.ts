export { parseExpression, parseQuery } from "./parse/query.ts";
