"""A real service on a free port, and a door in front of it that fails on purpose."""

import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class WithService(unittest.TestCase):
    """Tests that post to one service; each uses runs of its own."""

    @classmethod
    def setUpClass(cls):
        program = os.environ.get("RUNSEAL_BIN")
        if not program:
            raise RuntimeError("RUNSEAL_BIN must name the runseal command")
        cls.folder = tempfile.TemporaryDirectory(prefix="runseal-adapters-")
        cls.addClassCleanup(cls.folder.cleanup)
        # The API asks no ledger, so the one that is named need not answer.
        words = [program, "--home", cls.folder.name, "-u", "http://127.0.0.1:1", "serve"]
        words += ["--create-keys", "--listen", "127.0.0.1:0"]
        cls.process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop)
        said = cls.process.stderr.readline()
        found = re.search(r"http://[0-9.:]+", said)
        if not found:
            raise RuntimeError(said + cls.process.stderr.read())
        cls.url = found.group()

    @classmethod
    def stop(cls):
        cls.process.send_signal(signal.SIGINT)
        cls.process.communicate(timeout=60)

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as response:
            return json.load(response)

    def steps(self, run_id):
        """The run's events as (type, data), once it has ended and its receipt verifies."""
        verified = self.get(f"/v1/runproof/{run_id}/verify")
        self.assertTrue(verified["verified"], verified)
        document = self.get(f"/v1/runproof/{run_id}")
        return [(event["type"], event["data"]) for event in document["events"]]

    def words(self, run_id):
        return [word for word, _data in self.steps(run_id)]


class Door:
    """Passes calls on to a service after it did what it was told to do with each of the first.

    "503" and "429" are answered, "cut" breaks off without passing on, "lose" passes on and loses
    the answer.
    """

    def __init__(self, url, wrongs):
        self.wrongs, self.calls = list(wrongs), []
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                door.calls.append(body)
                wrong = door.wrongs.pop(0) if door.wrongs else "none"
                status, answer = (wrong, b"{}") if wrong in ("503", "429") else (None, None)
                if wrong in ("none", "lose"):
                    status, answer = door.pass_on(url + self.path, body)
                if wrong in ("cut", "lose"):
                    self.close_connection = True
                    return
                self.send_response(int(status))
                if wrong == "429":
                    self.send_header("Retry-After", "0")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    @staticmethod
    def pass_on(url, body):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body), timeout=30) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
