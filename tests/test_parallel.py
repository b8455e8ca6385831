"""One gradient on several machines: equal to rounding, also when a machine dies, and words where none is left."""

import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import numpy as np
import pytest

import bpbook as bp
from bpbook import parallel
from bpbook.losses import Loss

distributed = pytest.importorskip("distributed")

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(23, 6)), RNG.integers(3, size=23)


def network(**options):
    net = bp.MLP([6, 5, 4, 3], hidden="tanh", seed=0, **options)
    for b in net.b[1:]:
        b[...] = RNG.normal(size=b.shape)
    return net


def assert_equal_to_rounding(found, net, x=X, y=Y, bound=1e-14):
    grads = net.backward(net.forward(x), y)
    for l in range(1, len(net.W)):
        assert bp.relative_error(found.dW[l], grads.dW[l]) < bound
        assert bp.relative_error(found.db[l], grads.db[l]) < bound


@pytest.fixture(scope="module")
def client():
    with parallel.cluster(workers=2) as client:
        yield client


# Here -----------------------------------------------------------------------------------------------------------------


@pytest.mark.equation("DP")
@pytest.mark.parametrize("parts", [1, 2, 3, 5, 23])
@pytest.mark.parametrize("lmbda", [0.0, 0.1])
def test_shares_of_any_size_give_the_gradient_of_the_whole(parts, lmbda):
    net = network(lmbda=lmbda, lmbda_1=lmbda)
    shares = parallel.Shares(X, Y, parts)
    assert sum(shares.sizes) == 23 and max(shares.sizes) - min(shares.sizes) <= 1
    assert_equal_to_rounding(shares.gradient(net.params, net.loss_function), net)


@pytest.mark.equation("DP")
@pytest.mark.parametrize("wrong", ["sum", "unweighted"])
def test_the_comparison_refuses_a_sum_and_an_unweighted_mean(wrong):
    net = network(lmbda=0.1)
    each = [net.backward(net.forward(X[rows]), Y[rows]) for rows in (slice(0, 20), slice(20, 23))]
    assert_equal_to_rounding(parallel.mean_gradient(each, [20, 3]), net)
    dW = {"sum": each[0].dW[1] + each[1].dW[1], "unweighted": (each[0].dW[1] + each[1].dW[1]) / 2}[wrong]
    assert bp.relative_error(dW, net.backward(net.forward(X), Y).dW[1]) > 1e-2


def test_a_network_takes_a_step_with_what_comes_back():
    net = network()
    grads = parallel.Shares(X, Y, 2).gradient(net.params, net.loss_function)
    before = net.loss(net.forward(X), Y)
    net.update(grads, eta=0.1)
    assert net.loss(net.forward(X), Y) < before


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ((X, Y[:5], 2), ValueError, r"x and y must have one row for each example; got shapes \(23, 6\) and \(5,\)"),
        ((X, Y, 24), ValueError, "parts must be at most 23, the number of examples; got 24"),
        ((X, Y, 0), ValueError, "parts must be at least 1; got 0"),
        ((X, Y), TypeError, r"parts must be a whole number where there is no client; got None\. Pass parts=2"),
    ],
)
def test_shares_that_cannot_be_made_are_refused(arguments, error, match):
    with pytest.raises(error, match=match):
        parallel.Shares(*arguments)


def test_the_text_says_where_the_examples_are():
    assert repr(parallel.Shares(X, Y, 2)) == "<23 examples in 2 shares here>"


# On a cluster -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_two_workers_agree_with_one_pass_to_rounding(client, dtype):
    net = network(dtype=dtype)
    shares = parallel.Shares(X.astype(dtype), Y, client=client)
    assert shares.sizes == [12, 11] and repr(shares) == "<23 examples in 2 shares on a cluster>"
    found = shares.gradient(net.params, net.loss_function)
    assert found.dW[1].dtype == dtype
    assert_equal_to_rounding(found, net, X.astype(dtype), bound=1e-14 if dtype == np.float64 else 1e-5)


def test_the_work_is_done_by_other_processes_and_new_weights_reach_them(client):
    client.wait_for_workers(2, timeout=20)
    seen = client.run(os.getpid)
    assert len(seen) == 2 and os.getpid() not in seen.values()
    net = network()
    shares = parallel.Shares(X, Y, client=client)
    for _ in range(3):
        grads = shares.gradient(net.params, net.loss_function)
        assert_equal_to_rounding(grads, net)
        net.update(grads, eta=0.5)


def test_equal_examples_may_be_dealt_again_and_again(client):
    """Dask forgets data that are named by their contents: dask/distributed#8576."""
    net = network()
    for _ in range(4):
        assert_equal_to_rounding(parallel.Shares(X, Y, client=client).gradient(net.params, net.loss_function), net)


def deadly(net, file):
    """Return the network's loss, whose gradient ends the first process that computes it, and makes a file of it."""
    own, path = net.loss_function, str(file)

    def gradient(a, y):
        import os

        try:
            open(path, "x").close()  # only one of two that come at once can
        except FileExistsError:
            return own.gradient(a, y)
        os._exit(1)

    return Loss("deadly", own.function, gradient, own.targets, own.outputs)


def test_a_worker_that_dies_in_mid_gradient_changes_nothing(client, tmp_path):
    net = network()
    shares = parallel.Shares(X, Y, client=client)
    found = shares.gradient(net.params, deadly(net, tmp_path / "died"))
    assert (tmp_path / "died").exists()
    assert_equal_to_rounding(found, net)
    assert_equal_to_rounding(shares.gradient(net.params, net.loss_function), net)


def test_a_mistake_in_the_loss_comes_back_as_it_is(client):
    net = network()

    def broken(a, y):
        raise ZeroDivisionError("of the reader's own")

    with pytest.raises(ZeroDivisionError, match="of the reader's own"):
        parallel.Shares(X, Y, client=client).gradient(net.params, Loss("broken", broken, broken))


def test_where_no_worker_is_left_the_error_says_so_and_the_mend_runs(monkeypatch):
    monkeypatch.setattr(parallel, "PATIENCE", 0.5)
    net = network()
    options = {"processes": False, "dashboard_address": ":0", "silence_logs": 50}
    with distributed.LocalCluster(1, **options) as local, distributed.Client(local) as client:
        shares = parallel.Shares(X, Y, client=client)
        assert_equal_to_rounding(shares.gradient(net.params, net.loss_function), net)
        local.sync(local.workers[0].close)
        assert not client.nthreads()
        match = "no worker of the cluster is left. Start one with `dask worker`, or work here with client=None"
        with pytest.raises(RuntimeError, match=match):
            shares.gradient(net.params, net.loss_function)
    here = parallel.Shares(X, Y, parts=2, client=None)
    assert_equal_to_rounding(here.gradient(net.params, net.loss_function), net)


def test_where_the_cluster_itself_is_gone_the_error_says_so():
    net = network()
    options = {"processes": False, "dashboard_address": ":0", "silence_logs": 50}
    with distributed.LocalCluster(1, **options) as local, distributed.Client(local) as client:
        shares = parallel.Shares(X, Y, client=client)
        shares.gradient(net.params, net.loss_function)
    with pytest.raises(
        ConnectionError, match=r"the client of the cluster must be running; it is closed\. Open another"
    ):
        shares.gradient(net.params, net.loss_function)


def test_workers_that_die_again_and_again_are_given_up(monkeypatch, client):
    net = network()
    shares = parallel.Shares(X, Y, client=client)

    def dies(asked):
        raise distributed.KilledWorker("a task", None, 3)

    monkeypatch.setattr(shares, "_gathered", dies)
    with pytest.raises(RuntimeError, match=r"workers died in 3 attempts at one gradient, most likely for want of mem"):
        shares.gradient(net.params, net.loss_function)


@pytest.mark.parametrize(
    ("address", "error", "match"),
    [
        (
            "tcp://127.0.0.1:9",
            ConnectionError,
            r"nobody answers at 'tcp://127.0.0.1:9' \(.*\). Start a scheduler there",
        ),
        ("127.0.0.1:70000", ConnectionError, r"nobody answers at '127.0.0.1:70000'"),
        ("somewhere", ValueError, r'address must be like "tcp://10.0.0.5:8786"; got \'somewhere\''),
        ("", ValueError, "address must be like"),
        (8786, ValueError, 'address must be like "tcp://10.0.0.5:8786"; got 8786'),
        ("tcp://[::1]:9", ConnectionError, r"nobody answers at 'tcp://\[::1\]:9' "),
    ],
)
def test_an_address_that_does_not_answer_gets_words(address, error, match):
    with pytest.raises(error, match=match), parallel.cluster(address):
        pass


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.0 400 Bad Request\r\n\r\n", b"\xff" * 4096, None, "hangs up"])
def test_a_program_that_is_no_scheduler_gets_words_and_not_for_ever_to_speak(answer, monkeypatch):
    # Dask's own client waits for ever for one that says nothing, and wants 3 EiB for what a web server says.
    monkeypatch.setattr(parallel, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            line, _ = server.accept()
            if answer == "hangs up":
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                line.sendall(answer)
            line.close()

        if answer is not None:
            threading.Thread(target=serve, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with (
            pytest.raises(
                ConnectionError, match=rf"^what answers at '{address}' is no Dask scheduler\. Pass the address"
            ),
            parallel.cluster(address),
        ):
            pass


def test_one_example_goes_to_one_of_two_workers(client):
    net = network()
    shares = parallel.Shares(X[:1], Y[:1], client=client)
    grads = net.backward(net.forward(X[:1]), Y[:1])
    assert shares.sizes == [1]
    np.testing.assert_allclose(shares.gradient(net.params, net.loss_function).dW[1], grads.dW[1], rtol=1e-12)


def test_a_closed_client_and_what_is_none_get_words_when_examples_are_dealt_out():
    options = {"processes": False, "dashboard_address": ":0", "silence_logs": 50}
    with distributed.LocalCluster(1, **options) as local:
        gone = distributed.Client(local)
        gone.close()
    with pytest.raises(
        ConnectionError, match=r"the client of the cluster must be running; it is closed\. Open another"
    ):
        parallel.Shares(X, Y, client=gone)
    with pytest.raises(
        TypeError, match=r"^client must be that of a Dask cluster; got 'tcp://here:1'\. Pass what `with"
    ):
        parallel.Shares(X, Y, client="tcp://here:1")


def test_an_address_that_answers_is_used_and_left_running(client):
    net = network()
    with parallel.cluster(client.scheduler.address) as other:
        shares = parallel.Shares(X, Y, client=other)
        assert_equal_to_rounding(shares.gradient(net.params, net.loss_function), net)
    client.wait_for_workers(2, timeout=20)


WITHOUT = """
import sys
sys.modules["distributed"] = sys.modules["dask"] = None
import numpy as np
import bpbook as bp
try:
    with bp.parallel.cluster():
        pass
except ImportError as missing:
    print(missing)
net, x, y = bp.MLP([3, 4, 2], seed=0), np.ones((5, 3)), np.array([0, 1, 1, 0, 1])
grads = bp.parallel.Shares(x, y, parts=2).gradient(net.params, net.loss_function)
print(bp.relative_error(grads.dW[1], net.backward(net.forward(x), y).dW[1]) < 1e-14)
"""


def test_without_dask_the_words_say_what_to_do_and_shares_are_worked_through_here():
    run = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    words, right = run.stdout.splitlines()
    assert words.startswith("cluster needs Dask, which is not installed here. Run: pip install ")
    assert words.endswith("or leave the cluster out: bp.parallel.Shares(x, y, parts=2).") and right == "True"


CHAPTER = Path(__file__).parent.parent / "notebooks" / "14_count_the_cost.ipynb"


def test_the_chapter_works_where_dask_is_not_installed(tmp_path):
    """Every cell before the exercises runs, with its asserts, and the one that wants a cluster says what to do."""
    cells = nbformat.read(CHAPTER, as_version=4).cells
    end = next(k for k, cell in enumerate(cells) if cell.source.startswith("## Exercises"))
    code = [cell.source for cell in cells[:end] if cell.cell_type == "code"]
    program = tmp_path / "chapter.py"
    blocked = "import sys\nsys.modules['distributed'] = sys.modules['dask'] = None\n"
    program.write_text(blocked + "\n".join(code), encoding="utf-8")
    environment = os.environ | {"MPLBACKEND": "agg", "BPBOOK_HOME": str(tmp_path)}
    run = subprocess.run([sys.executable, str(program)], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    assert "cluster needs Dask, which is not installed here. Run: pip install" in run.stdout
    assert "shares of [512, 512], relative error below 4e-15? True" in run.stdout
