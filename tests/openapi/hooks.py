"""What schemathesis must be told to speak this interface."""

import itertools

import schemathesis

ADDRESSES = itertools.count(1)


@schemathesis.serializer("application/jsonl")
def lines(ctx, value):
    """Lines are sent as they are."""
    return {"data": value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")}


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Comes from an address of its own: the server holds up an address that shows many wrong tokens, as the checks do."""
    if case.headers is None:
        case.headers = {}
    number = next(ADDRESSES)
    case.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
