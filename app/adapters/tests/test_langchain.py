import unittest
from types import SimpleNamespace
from uuid import uuid4

from runseal_client import Client, RunsealError
from runseal_langchain import RunsealHandler

from .service import WithService


def reply(text, **usage):
    message = SimpleNamespace(content=text, usage_metadata=usage)
    return SimpleNamespace(generations=[[SimpleNamespace(text=text, message=message)]])


class Callbacks(WithService):
    """Calls back as LangChain does: by keyword, with ids of its own."""

    def handler(self, **more):
        return RunsealHandler(Client(self.url), "agent", **more)

    def test_a_graph_is_a_run_and_what_happens_inside_are_its_events(self):
        handler = self.handler(subagents=["helper"])
        root, node, model, tool, helper = (uuid4() for _ in range(5))
        thread = {"thread_id": "thread 7"}
        handler.on_chain_start({}, {"q": "2 + 2?"}, run_id=root, name="graph", metadata=thread)
        handler.on_chain_start(None, {}, run_id=node, parent_run_id=root, name="node")
        handler.on_chat_model_start(
            {"id": ["langchain", "ChatModel"]},
            [[{"role": "user", "content": "2 + 2?"}]],
            run_id=model,
            parent_run_id=node,
            invocation_params={"model": "gpt-x"},
        )
        handler.on_llm_end(reply("call", input_tokens=7), run_id=model, parent_run_id=node)
        handler.on_tool_start(
            {"name": "add"}, "{}", run_id=tool, parent_run_id=node, inputs={"a": 2, "b": 2}
        )
        handler.on_tool_end(4, run_id=tool, parent_run_id=node)
        handler.on_chain_end({}, run_id=node, parent_run_id=root)
        handler.on_chain_start(None, "check", run_id=helper, parent_run_id=root, name="helper")
        handler.on_chain_end("right", run_id=helper, parent_run_id=root)
        handler.on_chain_end({"a": "4"}, run_id=root)
        steps = self.steps(root)
        self.assertEqual(
            [word for word, _ in steps],
            [
                "message.received",
                "chain.start",
                "message.received",
                "message.sent",
                "tool.invoke",
                "tool.result",
                "chain.end",
                "subagent.spawn",
                "subagent.result",
                "message.sent",
            ],
        )
        self.assertEqual(steps[0][1], {"name": "graph", "input": {"q": "2 + 2?"}})
        self.assertEqual(steps[2][1]["model"], "gpt-x")
        self.assertEqual(steps[3][1]["usage"], {"input_tokens": 7})
        self.assertEqual(steps[4][1], {"tool": "add", "input": {"a": 2, "b": 2}})
        self.assertEqual(steps[5][1], {"tool": "add", "output": 4})
        self.assertEqual(self.get(f"/v1/run/{root}")["status"], "completed")
        self.assertEqual(handler._open, {})

    def test_a_tool_that_fails_is_told_and_the_run_goes_on(self):
        handler, root, tool = self.handler(), uuid4(), uuid4()
        handler.on_chain_start({"name": "chain"}, {}, run_id=root)
        handler.on_tool_start({"name": "add"}, "2, x", run_id=tool, parent_run_id=root)
        handler.on_tool_error(ValueError("x"), run_id=tool, parent_run_id=root)
        handler.on_chain_end({}, run_id=root)
        steps = self.steps(root)
        words = ["message.received", "tool.invoke", "tool.error", "message.sent"]
        self.assertEqual([word for word, _ in steps], words)
        self.assertEqual(steps[2][1], {"name": "add", "error_type": "ValueError", "error": "x"})

    def test_a_run_that_fails_says_so_and_why(self):
        handler, root, model = self.handler(), uuid4(), uuid4()
        handler.on_chain_start({"name": "chain"}, {}, run_id=root)
        handler.on_llm_start({"name": "model"}, ["hi"], run_id=model, parent_run_id=root)
        handler.on_llm_error(TimeoutError("late"), run_id=model, parent_run_id=root)
        handler.on_chain_error(TimeoutError("late"), run_id=root)
        words = ["message.received", "message.received", "model.error", "chain.error", "run.fail"]
        self.assertEqual(self.words(root), words)
        document = self.get(f"/v1/runproof/{root}")
        self.assertEqual(document["status"], "failed")
        self.assertEqual(document["receipt"]["reason"], "TimeoutError")

    def test_a_call_with_nothing_around_it_is_a_run(self):
        handler = self.handler()
        model, tool, inner, search = (uuid4() for _ in range(4))
        handler.on_llm_start({}, ["hi"], run_id=model)
        handler.on_llm_end(reply("ho"), run_id=model)
        self.assertEqual(self.words(model), ["message.received", "message.sent"])
        handler.on_tool_start({}, "x", run_id=tool, name="tool")
        handler.on_tool_end("y", run_id=tool)
        self.assertEqual(self.words(tool), ["tool.invoke", "tool.result"])
        # What is around it may have been called without the handler.
        handler.on_chain_start({}, "x", run_id=inner, parent_run_id=uuid4(), name="inner")
        handler.on_chain_end("y", run_id=inner, parent_run_id=uuid4())
        self.assertEqual(self.words(inner), ["message.received", "message.sent"])
        handler.on_retriever_start({}, "x", run_id=search, name="search")
        handler.on_retriever_error(OSError("away"), run_id=search)
        self.assertEqual(self.words(search), ["tool.invoke", "tool.error", "run.fail"])

    def test_runs_at_the_same_time_stay_apart(self):
        handler = self.handler()
        runs = [uuid4() for _ in range(4)]
        for run in runs:
            handler.on_chain_start({}, str(run), run_id=run, name="chain")
        for run in reversed(runs):
            handler.on_chain_end(str(run), run_id=run)
        for run in runs:
            steps = self.steps(run)
            told = [data.get("input", data.get("output")) for _, data in steps]
            self.assertEqual(told, [str(run), str(run)])

    def test_what_is_not_to_be_told_is_not(self):
        def redact(kind, data):
            return {"tool": data["tool"]} if kind.startswith("tool.") else {}

        handler, tool = self.handler(redact=redact), uuid4()
        handler.on_tool_start({"name": "pay"}, "secret", run_id=tool)
        handler.on_tool_end("secret", run_id=tool)
        self.assertNotIn("secret", str(self.get(f"/v1/runproof/{tool}")))

    def test_an_event_that_is_not_taken_is_never_lost_silently(self):
        away = Client("http://127.0.0.1:1", tries=1)
        handler = RunsealHandler(away, "agent")
        self.assertTrue(handler.raise_error)
        with self.assertRaises(RunsealError):
            handler.on_chain_start({}, {}, run_id=uuid4(), name="chain")
        errors = []
        handler = RunsealHandler(away, "agent", on_error=errors.append)
        handler.on_chain_start({}, {}, run_id=uuid4(), name="chain")
        self.assertFalse(handler.raise_error)
        self.assertEqual([type(error) for error in errors], [RunsealError])
