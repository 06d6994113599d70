"""A callback handler for LangChain and LangGraph that gives every run a signed receipt.

    from runseal_client import Client
    from runseal_langchain import RunsealHandler

    handler = RunsealHandler(Client(), agent_id="researcher")
    graph.invoke(inputs, config={"callbacks": [handler]})

The outermost call is the run; what happens inside are its events.
"""

import threading

from runseal_client import short

try:
    from langchain_core.callbacks import BaseCallbackHandler as _Base
except ImportError:
    _Base = object

SOURCE = "langchain"
# What is itself also where nothing is around it.
CALLS = frozenset({"tool.invoke", "tool.result"})


class RunsealHandler(_Base):
    """Posts what LangChain calls back with.

    `subagents` are the names of chains and graphs that are agents themselves. `redact(type, data)`
    returns what may be told of an event. Without `on_error(error)` an event that the service did not
    take ends the run that it belongs to: LangChain raises what the handler raises.
    """

    def __init__(self, client, agent_id, subagents=(), redact=None, on_error=None):
        super().__init__()
        self._client, self._agent_id, self._subagents = client, agent_id, frozenset(subagents)
        self._redact = redact or (lambda _type, data: data)
        self._on_error = on_error
        self.raise_error = on_error is None
        self._lock = threading.Lock()
        # What goes on: its id, and the outermost call around it with the name that it began with.
        self._open = {}

    def on_chain_start(self, serialized, inputs, *, run_id, parent_run_id=None, **more):
        name = _name(serialized, more)
        kind = "subagent.spawn" if name in self._subagents else "chain.start"
        data = {"name": name, "input": inputs}
        self._begin(run_id, parent_run_id, name, kind, data, more)

    def on_chain_end(self, outputs, *, run_id, parent_run_id=None, **_more):
        name = self._name_of(run_id)
        kind = "subagent.result" if name in self._subagents else "chain.end"
        self._finish(run_id, kind, {"name": name, "output": outputs})

    def on_chain_error(self, error, *, run_id, parent_run_id=None, **_more):
        self._fail(run_id, "chain.error", error)

    def on_llm_start(self, serialized, prompts, *, run_id, parent_run_id=None, **more):
        self._model_starts(serialized, prompts, run_id, parent_run_id, more)

    def on_chat_model_start(self, serialized, messages, *, run_id, parent_run_id=None, **more):
        self._model_starts(serialized, messages, run_id, parent_run_id, more)

    def on_llm_end(self, response, *, run_id, parent_run_id=None, **_more):
        data = {
            "model": self._name_of(run_id),
            "output": getattr(response, "generations", response),
            "usage": _usage(response),
        }
        self._finish(run_id, "message.sent", data)

    def on_llm_error(self, error, *, run_id, parent_run_id=None, **_more):
        self._fail(run_id, "model.error", error)

    def on_tool_start(self, serialized, input_str, *, run_id, parent_run_id=None, **more):
        given = more.get("inputs")
        data = {"tool": _name(serialized, more), "input": input_str if given is None else given}
        self._begin(run_id, parent_run_id, data["tool"], "tool.invoke", data, more)

    def on_tool_end(self, output, *, run_id, parent_run_id=None, **_more):
        data = {"tool": self._name_of(run_id), "output": output}
        self._finish(run_id, "tool.result", data)

    def on_tool_error(self, error, *, run_id, parent_run_id=None, **_more):
        self._fail(run_id, "tool.error", error)

    def on_retriever_start(self, serialized, query, *, run_id, parent_run_id=None, **more):
        data = {"tool": _name(serialized, more), "input": query}
        self._begin(run_id, parent_run_id, data["tool"], "tool.invoke", data, more)

    def on_retriever_end(self, documents, *, run_id, parent_run_id=None, **_more):
        data = {"tool": self._name_of(run_id), "output": documents}
        self._finish(run_id, "tool.result", data)

    def on_retriever_error(self, error, *, run_id, parent_run_id=None, **_more):
        self._fail(run_id, "tool.error", error)

    def _model_starts(self, serialized, messages, run_id, parent_run_id, more):
        asked = more.get("invocation_params") or {}
        model = asked.get("model") or asked.get("model_name") or _name(serialized, more)
        data = {"model": model, "input": messages}
        self._begin(run_id, parent_run_id, model, "message.received", data, more)

    def _begin(self, call, parent, name, kind, data, more):
        with self._lock:
            root = self._open[parent][0] if parent in self._open else call
            self._open[call] = (root, name)
        with self._errors():
            if root == call:
                thread = (more.get("metadata") or {}).get("thread_id")
                session = {} if thread is None else {"session_key": short(thread)}
                self._client.start(str(call), self._agent_id, adapter=SOURCE, **session)
                # The outermost chain is the run itself: what it is given, the run was given.
                kind = kind if kind in CALLS else "message.received"
            self._event(root, call, kind, data)

    def _finish(self, call, kind, data):
        root = self._close(call)
        with self._errors():
            if root == call and kind not in CALLS:
                kind = "message.sent"
            self._event(root, call, kind, data)
            if root == call:
                self._client.end(str(root))

    def _fail(self, call, kind, error):
        name = self._name_of(call)
        root = self._close(call)
        what = {"name": name, "error_type": type(error).__name__, "error": str(error)}
        with self._errors():
            self._event(root, call, kind, what)
            if root == call:
                self._event(root, call, "run.fail", what)
                self._client.end(str(root), success=False, reason=type(error).__name__)

    def _event(self, root, call, kind, data):
        told = self._redact(kind, data)
        self._client.event(str(root), f"{call}/{kind}", kind, told, source=SOURCE)

    def _name_of(self, call):
        with self._lock:
            return self._open.get(call, (None, None))[1]

    def _close(self, call):
        with self._lock:
            return self._open.pop(call, (call, None))[0]

    def _errors(self):
        return _Errors(self._on_error)


class _Errors:
    """Hands errors to whoever asked for them."""

    def __init__(self, on_error):
        self._on_error = on_error

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, Exception) and self._on_error is not None:
            self._on_error(error)
            return True
        return False


def _name(serialized, more):
    serialized = serialized or {}
    path = serialized.get("id") or [None]
    return short(more.get("name") or serialized.get("name") or path[-1] or "unnamed")


def _usage(response):
    """Finds the token counts where chat models and older models leave them."""
    told = getattr(response, "llm_output", None) or {}
    if "token_usage" in told:
        return told["token_usage"]
    for generations in getattr(response, "generations", None) or []:
        for generation in generations:
            message = getattr(generation, "message", None)
            usage = getattr(message, "usage_metadata", None)
            if usage:
                return usage
    return None
