import { isObject, type Json } from "../base/json.ts";
import { curveColumns } from "../query/curves/curve_rows.ts";
import type { Curve, CurveSelector } from "../query/curves/curve.ts";
import type { DescribedSchema } from "../query/describe_schema.ts";
import { cellFromJson } from "../protocol/cells.ts";

/** The error for an answer of another shape. */
type ProtocolError = () => Error;

/** The schema that a server describes. Throws what `protocolError` makes if it is malformed. */
export function schemaOf(json: Record<string, unknown>, protocolError: ProtocolError): DescribedSchema {
  const column = { name: "string", type: "string", help: "string" } as const;
  const isTable = (table: unknown) =>
    isObject(table) && typeof table.name === "string" && typeof table.help === "string" &&
    isListOf(table.columns, column) && isListOf(table.hidden, column) &&
    isListOf(table.dotted, { name: "string", count: "number" }) &&
    Array.isArray(table.families) && table.families.every((family) => typeof family === "string");
  const isGood = Array.isArray(json.tables) && json.tables.every(isTable) &&
    isListOf(json.keys, { key: "string", series: "number", points: "number" });
  if (!isGood) throw protocolError();
  return json as unknown as DescribedSchema;
}

/** The curves that a server answers to a selector, all of them with the columns that were asked for. */
export function curvesOf(json: unknown, selector: CurveSelector, protocolError: ProtocolError): Curve[] {
  if (!Array.isArray(json)) throw protocolError();
  const wanted = curveColumns(selector, []);
  return json.map((one: unknown) => {
    const curve = curveOf(one, protocolError);
    const columns = [...Object.values(curve.y), ...Object.values(curve.coordinates)];
    const isGood = wanted.labels.every((name) => Object.hasOwn(curve.labels, name)) &&
      wanted.y.every((name) => Object.hasOwn(curve.y, name)) &&
      columns.every((column) => column.length === curve.x.length);
    if (!isGood) throw protocolError();
    return curve;
  });
}

function curveOf(json: unknown, protocolError: ProtocolError): Curve {
  if (!isObject(json) || !isObject(json.labels) || !isObject(json.y)) throw protocolError();
  const numbers = (list: unknown) => {
    if (!Array.isArray(list)) throw protocolError();
    return Float64Array.from(list, (cell: Json) => Number(cellFromJson(cell)));
  };
  const columns = (of: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(of).map(([name, list]) => [name, numbers(list)]));
  const labels = Object.entries(json.labels).map(([name, cell]) => [name, cellFromJson(cell as Json)]);
  return {
    labels: Object.fromEntries(labels),
    x: numbers(json.x),
    y: columns(json.y),
    coordinates: isObject(json.coordinates) ? columns(json.coordinates) : {},
  };
}

/** Whether a value is a list of objects with values of these types. */
function isListOf(value: unknown, types: Readonly<Record<string, "string" | "number">>): boolean {
  return Array.isArray(value) &&
    value.every((item) => isObject(item) && Object.entries(types).every(([name, type]) => typeof item[name] === type));
}
