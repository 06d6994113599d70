"""Posts what an agent's run does to a Runseal service, and loses nothing without saying so.

Python 3.9 or later, nothing beside the standard library.
"""

import atexit
import dataclasses
import hashlib
import json
import math
import queue
import threading
import time
import traceback
import urllib.error
import urllib.request
from datetime import datetime, timezone

DEFAULT_URL = "http://127.0.0.1:8097"
# What goes away by itself: too many calls, a proxy without its service, a store that is busy.
PASSING = frozenset({429, 502, 503, 504})
MOST_TEXT_CHARACTERS = 64 * 1024
MOST_DEPTH = 32
MOST_WAIT_SECONDS = 30.0
MOST_INTEGER = 2**53 - 1


class RunsealError(Exception):
    """A call that was not acknowledged. `status` is None if nobody answered."""

    def __init__(self, path, status, detail):
        super().__init__(f"{path}: {status or 'no answer'}: {detail}")
        self.path, self.status, self.detail = path, status, detail


class Client:
    """Makes one call at a time; it returns when the service has the call on its disk.

    Repeating a call is safe, since the service knows it by its ids. So what fails for a reason that
    passes is repeated, `tries` times in all; then, or for any other reason, it is a RunsealError.
    """

    def __init__(self, url=DEFAULT_URL, token=None, timeout=5.0, tries=4, first_wait=0.2):
        self.url = url.rstrip("/")
        self.timeout, self.tries, self.first_wait = timeout, tries, first_wait
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def start(self, run_id, agent_id, **more):
        """Begins a run; `more` is what /v1/run/start takes beside this, such as `adapter`."""
        return self.post("/v1/run/start", {"run_id": run_id, "agent_id": agent_id, **more})

    def event(self, run_id, event_id, event_type, data=None, source="python", timestamp=None):
        """Says what happened. `event_id` must be the same if it is said again, and so must the rest."""
        body = {
            "run_id": run_id,
            "event_id": event_id,
            "type": event_type,
            "timestamp": timestamp or now(),
            "source": source,
            "data": plain(data or {}),
        }
        return self.post("/v1/run/event", body)

    def end(self, run_id, success=True, reason=None):
        """Ends a run: the answer has the digest of its receipt in `root_hash`."""
        body = {"run_id": run_id, "success": success}
        if reason:
            body["reason"] = short(reason)
        return self.post("/v1/run/end", body)

    def post(self, path, body):
        """Posts a body and returns the answer, repeating it while that may help."""
        content = json.dumps(body, allow_nan=False).encode()
        wait = self.first_wait
        for left in reversed(range(self.tries)):
            try:
                return self._once(path, content)
            except urllib.error.HTTPError as error:
                detail = error.read().decode(errors="replace")
                if error.code not in PASSING or not left:
                    raise RunsealError(path, error.code, detail) from error
                asked = _seconds(error.headers.get("Retry-After"))
            except (OSError, ValueError) as error:
                # No answer, or half of one.
                if not left:
                    raise RunsealError(path, None, error) from error
                asked = 0.0
            time.sleep(min(max(wait, asked), MOST_WAIT_SECONDS))
            wait *= 2
        raise ValueError("tries must be 1 or more")

    def _once(self, path, content):
        request = urllib.request.Request(self.url + path, content, self._headers)
        with urllib.request.urlopen(request, timeout=self.timeout) as response:
            return json.loads(response.read())


class Queued:
    """A Client's calls, made in order by a thread of their own: for callers that must not wait.

    Only a full queue makes them wait, for what is dropped is lost. A call that fails goes to
    `on_error(error, path, body)`, from the thread; what to do with it is the caller's to decide.
    `close` returns when everything was posted; a process that ends in order does that by itself.
    """

    start, event, end = Client.start, Client.event, Client.end

    def __init__(self, client, on_error, most=1000):
        self._client, self._on_error = client, on_error
        self._calls = queue.Queue(most)
        self._closed, self._door = False, threading.Lock()
        self._thread = threading.Thread(target=self._work, name="runseal", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def post(self, path, body):
        """Puts a call into the queue."""
        with self._door:
            if self._closed:
                raise RunsealError(path, None, "the queue is closed")
            self._calls.put((path, body))

    def flush(self):
        """Waits until everything so far was posted, or handed to `on_error`."""
        self._calls.join()

    def close(self):
        """Posts what is left and ends the thread."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._calls.put(None)
        self._thread.join()

    def _work(self):
        for path, body in iter(self._calls.get, None):
            try:
                self._client.post(path, body)
            except Exception as error:  # The thread must live: others' calls wait behind this one.
                self._report(error, path, body)
            finally:
                self._calls.task_done()

    def _report(self, error, path, body):
        try:
            self._on_error(error, path, body)
        except Exception:
            traceback.print_exc()


def now():
    """Returns the time as the service writes it."""
    return datetime.now(timezone.utc).isoformat()


def short(text):
    """Makes a text that fits where a name or a reason stands: one line, 256 bytes at most."""
    line = " ".join(_text(str(text)).split())
    return "".join(c for c in line if c.isprintable()).encode()[:256].decode(errors="ignore")


def plain(value, depth=MOST_DEPTH):
    """Makes JSON that the service takes of any object.

    What JSON has no word for is written as text, and what is too long stands as its SHA-256.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) <= MOST_INTEGER else str(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else repr(value)
    if isinstance(value, str):
        return _held(_text(value))
    if depth == 0:
        return _held(_text(repr(value)))
    if isinstance(value, dict):
        return {_text(str(key)): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, depth - 1) for item in value]
    if isinstance(value, type):
        return _text(value.__name__)
    if dataclasses.is_dataclass(value):
        members = (field.name for field in dataclasses.fields(value))
        return {name: plain(getattr(value, name, None), depth - 1) for name in members}
    # Messages of LangChain and items of OpenAI's library say so what they are.
    dump = getattr(value, "model_dump", None)
    return plain(dump(), depth - 1) if callable(dump) else _held(_text(str(value)))


def _held(text):
    if len(text) <= MOST_TEXT_CHARACTERS:
        return text
    encoded = text.encode()
    return {"sha256": hashlib.sha256(encoded).hexdigest(), "size_bytes": len(encoded)}


def _text(text):
    """Halves of surrogate pairs, which UTF-8 has no bytes for, are spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


def _seconds(text):
    try:
        seconds = float(text or 0)
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) else 0.0
