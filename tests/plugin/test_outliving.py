"""A thread that one scenario leaves running does nothing in the next one, and the run says whose it was."""

import threading

import pytest

from tests.plugin.conftest import text_of

BOT = """
    import threading

    BIDS = "ETH", True, 0.01, 2000, {"limit": {"tif": "Gtc"}}
    go, done = threading.Event(), threading.Event()

    def test_a_starts_a_bot(trader):
        def bot():
            go.wait(5)
            for ask in (
                lambda: trader.exchange.order(*BIDS),
                lambda: trader.info.session.get("http://127.0.0.1:9"),
                lambda: trader.info.all_mids(),
            ):
                try:
                    ask()
                except Exception as error:
                    print(f"[{error}]")
            done.set()

        threading.Thread(target=bot, name="bot").start()

    def test_b_knows_of_no_bot(trader):
        go.set()
        assert done.wait(5)
        assert trader.info.open_orders(trader.address) == []
"""
REFUSED = "Refusing to send for bot: its scenario scenarios/test_s.py::test_a_starts_a_bot has ended."
TOLD = "scenarios/test_s.py::test_a_starts_a_bot: left a thread running, which was refused 3 times since"


@pytest.fixture(autouse=True)
def _same_start():
    """What a run replaces is put back."""
    start = threading.Thread.start
    yield
    assert threading.Thread.start is start


def test_bot_of_an_ended_scenario_is_refused_and_told(project):
    project.write(BOT)

    result = project.record("-s", "-p", "no:randomly")

    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert text_of(result).count(REFUSED) == 3
    assert TOLD in text_of(result)
    assert b"/exchange" not in project.cassettes["test_s/test_b_knows_of_no_bot.yaml"]


def test_bot_is_refused_while_no_scenario_runs(project):
    project.write(BOT.replace("test_b_knows_of_no_bot(trader)", "test_b_is_none()"))
    project.edit("assert trader.info.open_orders(trader.address) == []", "")

    result = project.localnet("-s", "-p", "no:randomly")

    assert text_of(result).count(REFUSED) == 3
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_bot_is_refused_on_testnet(project, world):
    project.write(BOT)

    result = project.run("--target=testnet", "-s", "-p", "no:randomly")

    assert text_of(result).count(REFUSED) == 3
    assert TOLD in text_of(result)
    assert "order" not in world.actions


def test_bot_that_raises_is_not_laid_at_the_next_scenario(project):
    project.write("""
        import threading

        go = threading.Event()
        bots = []

        def test_a_starts_a_bot(trader):
            bots.append(threading.Thread(target=lambda: go.wait(5) and trader.info.all_mids()))
            bots[0].start()

        def test_b_knows_of_no_bot(trader):
            go.set()
            bots[0].join(5)
            trader.info.all_mids()
    """)

    result = project.localnet("-p", "no:randomly")

    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "refused 1 time since" in text_of(result)


def test_scenario_that_ends_while_its_thread_still_asks_fails(project):
    project.write("""
        import threading

        def test_a(trader, venue):
            inside, target = threading.Event(), venue.wire.episode.target
            answer = target.answer

            def slow(request):
                if threading.current_thread().name == "bot":
                    inside.set()
                    threading.Event().wait(0.3)
                return answer(request)

            target.answer = slow
            threading.Thread(target=trader.info.all_mids, name="bot").start()
            assert inside.wait(5)

        def test_b(trader, journal):
            assert len(journal) == 0
    """)

    result = project.localnet("-p", "no:randomly")

    result.assert_outcomes(passed=2, errors=1)
    assert "bot still asked for something when scenarios/test_s.py::test_a ended" in text_of(result)


def test_threads_that_end_in_time_and_those_of_wider_fixtures_may_send(project):
    project.write("""
        import queue, threading
        from concurrent.futures import ThreadPoolExecutor

        @pytest.fixture(scope="module")
        def desk():
            asked, answered = queue.Queue(), queue.Queue()

            def work():
                for ask in iter(asked.get, None):
                    answered.put(ask())

            worker = threading.Thread(target=work)
            worker.start()
            yield lambda ask: asked.put(ask) or answered.get(timeout=5)
            asked.put(None)
            worker.join()

        @pytest.mark.parametrize("number", [1, 2])
        def test_a(trader, desk, number):
            assert desk(trader.info.all_mids)
            with ThreadPoolExecutor(1) as pool:
                assert pool.submit(trader.info.all_mids).result()
    """)

    result = project.record()

    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.OK
    assert "outlived" not in text_of(result)
    project.run().assert_outcomes(passed=2)


def test_workers_tell_of_theirs(project):
    project.write(BOT)

    result = project.localnet("-p", "xdist", "-n1", "-p", "no:randomly")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert TOLD in text_of(result)
