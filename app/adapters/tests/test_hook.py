import os
import subprocess
import unittest
from pathlib import Path

from .service import WithService

HOOK = Path(__file__).resolve().parent.parent / "openclaw_hook.sh"


class Hook(WithService):
    def hook(self, run, *words, data="", **more):
        named = {"RUNSEAL_SERVICE": self.url, "RUNSEAL_RUN": run, "RUNSEAL_AGENT": "agent", **more}
        return subprocess.run(
            ["sh", str(HOOK), *words],
            input=data,
            env={"PATH": os.environ["PATH"], **named},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def done(self, *words, **more):
        ran = self.hook(*words, **more)
        self.assertEqual(ran.returncode, 0, ran)
        return ran.stdout

    def test_a_run_of_hooks_gets_a_receipt(self):
        self.done("hooked", "start")
        self.done("hooked", "tool.invoke", "call-7", data='{"tool":"ls","why":"\\"quoted\\""}')
        moment = {"RUNSEAL_TIME": "2026-03-17T00:00:00Z"}
        self.done("hooked", "tool.result", "call-7.end", data='{"output":"x"}', **moment)
        again = self.done("hooked", "tool.result", "call-7.end", data='{"output":"x"}', **moment)
        self.assertIn("duplicate", again)
        self.done("hooked", "end")
        steps = self.steps("hooked")
        self.assertEqual(steps[0], ("tool.invoke", {"tool": "ls", "why": '"quoted"'}))
        self.assertEqual(self.words("hooked"), ["tool.invoke", "tool.result"])

    def test_a_run_that_failed_says_why(self):
        self.done("hook-failed", "start")
        self.done("hook-failed", "end", "timeout")
        self.assertEqual(self.get("/v1/run/hook-failed")["status"], "failed")

    def test_what_the_service_does_not_take_fails(self):
        self.done("hook-wrong", "start")
        for words, data in [
            (("unknown", "tool.invoke", "e"), "{}"),
            (("unknown", "end"), ""),
            (("hook-wrong", "tool.invoke", "e"), ""),
            (("hook-wrong", "tool.invoke", "e"), "no json"),
            (("hook-wrong", "tool.invoke", "e"), '{},"seq":7,"type":"run.fail"'),
        ]:
            ran = self.hook(*words, data=data)
            self.assertNotEqual(ran.returncode, 0, (words, data, ran))

    def test_what_is_no_name_is_sent_nowhere(self):
        for run, words in [
            ("", ("start",)),
            ('r","x":"', ("start",)),
            ("r", ()),
            ("r", ("tool.invoke",)),
            ("r", ("tool invoke", "e")),
            ("r", ("tool.invoke", 'e"')),
            ("r", ("end", "a\nb")),
        ]:
            ran = self.hook(run, *words, data="{}", RUNSEAL_SERVICE="http://127.0.0.1:1")
            self.assertEqual(ran.returncode, 2, (run, words, ran))
