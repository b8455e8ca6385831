"""Which cells a cell rests on, read from their text: so an experiment lives without the whole chapter run before it."""

import ast
import builtins

__all__ = ["needed"]

SCOPES = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def needed(cells: list[list[str]], wanted: str) -> list[str]:
    r"""Return the ids of the cells that must run before one can, in order, from the first on.

    A cell counts when it sets a name that is needed, or when it does something with one, for that may change it
    (`net.fit(x, y)`). Names of modules are set once and not changed.

    Parameters
    ----------
    cells : list of [id, source]
        The code cells of the chapter, in order.
    wanted : str
        The id of the cell.

    Examples
    --------
    >>> cells = [["a", "import numpy as np"], ["b", "x = np.ones(3)"], ["c", "y = 2"]]
    >>> cells += [["d", "x[0] = 5"], ["e", "x.sum()"]]
    >>> needed(cells, "e")
    ['a', 'b', 'd']
    >>> needed([*cells, ["f", "def twice(x):\n    y = 2 * np.sum(x)\n    return y"]], "f")
    ['a']
    """
    at = [id for id, _ in cells].index(wanted)
    read = {id: _Names(source) for id, source in cells[: at + 1]}
    modules = set().union(*(names.imports for names in read.values()))
    open_names = set(read[wanted].uses)
    found = []
    for id, _ in reversed(cells[:at]):
        if read[id].sets & open_names or read[id].changes & (open_names - modules):
            found.append(id)
            open_names |= read[id].uses
    return found[::-1]


class _Names:
    """The names that a cell sets, those that it uses, those that it imports, and those of things it may change."""

    def __init__(self, source: str) -> None:
        self.sets: set[str] = set()
        self.uses: set[str] = set()
        self.imports: set[str] = set()
        self.changes: set[str] = set()
        try:
            self._read(ast.parse(source))
        except SyntaxError:
            return
        self.sets |= self.imports
        self.uses -= set(dir(builtins))

    def _read(self, tree: ast.AST) -> None:
        """Read a scope. Of a scope within it counts what is not its own: the `x` of a function is no `x` outside."""
        for node in ast.iter_child_nodes(tree):
            if isinstance(node, SCOPES):
                inner = _Names("")
                inner._read(node)
                own = inner.sets | inner.imports
                self.uses |= inner.uses - own
                self.changes |= inner.changes - own
                self.sets |= {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else set()
            else:
                self._note(node)
                self._read(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            (self.uses if isinstance(node.ctx, ast.Load) else self.sets).add(node.id)
        elif isinstance(node, ast.arg):
            self.sets.add(node.arg)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self.uses.add(node.target.id)
        elif isinstance(node, ast.alias):
            self.imports.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            self.changes |= _root(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            self.changes |= _root(node.func)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not hasattr(builtins, node.func.id):
            self.changes |= set().union(*(_root(argument) for argument in node.args))


def _root(node: ast.AST) -> set[str]:
    """Return the name at the bottom of a chain such as `net.W[1][0]`, if it is one."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()
