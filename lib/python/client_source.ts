import source from "./dbxlogger/dbxlogger.py" with { type: "text" };

/** The Python client, one file. */
export const PYTHON_CLIENT: string = source;
