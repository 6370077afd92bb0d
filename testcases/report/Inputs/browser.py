# SPDX-License-Identifier: MIT
"""browser.py PAGE[#FINDING] [KEY...]: the page's elements, without scripts and styles, as Chromium has them after these
keys were pressed one after the other; "=text" types into the filter, "click:SELECTOR" clicks, "errors" prints nothing
but what the page's scripts threw.

Chromium is spoken to by its DevTools protocol over two pipes (file descriptors 3 and 4, messages end in NUL).
"""
import json
import os
import re
import subprocess
import sys
import tempfile

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe"]

# The page's effects run at most 100 ms after a change was drawn: timers of one page keep their order under any load.
DRIVE = """(async (keys) => {
  const pause = () => new Promise((done) => setTimeout(done, 200));
  while (!document.documentElement.dataset.theme) await pause();
  for (const key of keys) {
    if (key.startsWith("=")) {
      const search = document.getElementById("search");
      search.value = key.slice(1);
      search.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (key.startsWith("click:")) {
      document.querySelector(key.slice(6)).click();
    } else {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
    await pause();
  }
  return document.documentElement.outerHTML;
})(%s)"""


class Browser:
    def __init__(self, profile):
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        # The browser reads commands from 3 and writes answers to 4.
        command = ["sh", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "sh",
                   "chromium", *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self.process = subprocess.Popen(command, pass_fds=[theirs_in, theirs_out], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.input, self.output = os.fdopen(ours_in, "rb"), os.fdopen(ours_out, "wb")
        self.last = 0
        self.events = []

    def read(self):
        message = bytearray()
        while (byte := self.input.read(1)) != b"\0":
            if not byte:
                sys.exit("chromium ended")
            message += byte
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.last += 1
        request = {"id": self.last, "method": method, "params": parameters}
        if session:
            request["sessionId"] = session
        self.output.write(json.dumps(request).encode() + b"\0")
        self.output.flush()
        while (answer := self.read()).get("id") != self.last:
            self.events.append(answer)
        if "error" in answer:
            sys.exit(f"{method}: {answer['error']}")
        return answer["result"]


def main():
    page, _, finding = sys.argv[1].partition("#")
    keys = [key for key in sys.argv[2:] if key != "errors"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Page", "Network"):
            browser.call(f"{domain}.enable", session)
        url = f"file://{os.path.abspath(page)}" + (f"#{finding}" if finding else "")
        browser.call("Page.navigate", session, url=url)
        while not any(e.get("method") == "Page.loadEventFired" for e in browser.events):
            browser.events.append(browser.read())
        answer = browser.call("Runtime.evaluate", session, expression=DRIVE % json.dumps(keys), awaitPromise=True,
                              returnByValue=True)
        browser.call("Browser.close")
        browser.process.wait(timeout=20)
    if "errors" in sys.argv:
        for event in browser.events:
            if event.get("method") in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled"):
                print("error:", json.dumps(event["params"]))
            if event.get("method") == "Network.requestWillBeSent" and event["params"]["request"]["url"] != url:
                print("request:", event["params"]["request"]["url"])
        return
    if "exceptionDetails" in answer:
        sys.exit(f"the page threw: {answer['exceptionDetails']}")
    html = re.sub(r"<(script|style)\b.*?</\1>", "", answer["result"]["value"], flags=re.DOTALL)
    print(re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL))


main()
