"""What a shim answers to whatever it does not know: it says so once, and does nothing."""
import sys

_told = set()


def tell(text):
    """Says something on stderr, once."""
    if text in _told:
        return
    _told.add(text)
    try:
        sys.stderr.write("dbx: %s\n" % text)
    except Exception:
        pass


class Nothing:
    """A value that can be called, entered, iterated over and asked for anything, and is nothing."""

    def __init__(self, name="", *_bases):
        object.__setattr__(self, "_name", str(name))

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, _name, _value):
        pass

    def __call__(self, *args, **_kwargs):
        # As a decorator it leaves what it decorates.
        return args[0] if len(args) == 1 and callable(args[0]) and not isinstance(args[0], Nothing) else self

    def __getitem__(self, _key):
        return self

    def __setitem__(self, _key, _value):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return False

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def __bool__(self):
        return False

    def __contains__(self, _item):
        return False

    def __instancecheck__(self, _instance):
        return False

    def __subclasscheck__(self, _cls):
        return False

    def __mro_entries__(self, _bases):
        return (object,)

    def __str__(self):
        return ""

    def __repr__(self):
        return "<%s: not in the shim of dbx>" % self._name


def missing(package, name):
    """What a shim has in the place of something that it does not know."""
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)
    tell("%s.%s is not in the shim of %s, and does nothing" % (package, name, package))
    return Nothing("%s.%s" % (package, name))


def known_or_missing(module_name):
    """How a submodule of a shim finds what is asked of it: what the package has by that name, else nothing."""
    package = module_name.split(".")[0]

    def find(name):
        top = sys.modules.get(package)
        if top is not None and name in vars(top):
            return vars(top)[name]
        return missing(package, name)

    return find
