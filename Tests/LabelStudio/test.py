"""Drives the program against a real Label Studio on this machine, and records what was said.

    python test.py PROGRAM LABEL_STUDIO [--record FOLDER]

PROGRAM is the built `rlhf`, LABEL_STUDIO the server's executable. Everything happens in a temporary folder
and on 127.0.0.1. Between program and server stands a proxy: it kills the program in the middle of a push,
after the server has got the request and before the program has got the answer, and it writes down the
exchanges that the Swift tests replay (Tests/Fixtures/label-studio/exchanges.json). Standard library only.
"""

import http.cookiejar
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROGRAM, STUDIO = sys.argv[1], sys.argv[2]
RECORD = sys.argv[4] if sys.argv[3:4] == ["--record"] else None
HERE = os.path.dirname(os.path.abspath(__file__))
DEMONSTRATIONS = os.path.join(HERE, "../../Tutorials/01-align-a-model/demonstrations.jsonl")
TOKEN = "0123456789abcdef0123456789abcdef01234567"
# A personal access token's form, without anybody's secret in it.
MASKED = "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCJ9.c2lnbmF0dXJl"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Person:
    """Somebody with a key: a legacy token, or a personal access token and what it is exchanged for."""

    def __init__(self, key, access=None):
        self.key, self.access = key, access

    @property
    def authorization(self):
        return f"Bearer {self.access}" if self.access else f"Token {self.key}"


OWNER = Person(TOKEN)


class Server:
    """A Label Studio of its own. Its owner's key is a legacy token; others join by invitation."""

    def __init__(self, folder):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        settings = dict(
            LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN="true", SSRF_PROTECTION_ENABLED="false",
            ML_BLOCK_LOCAL_IP="false", COLLECT_ANALYTICS="false", SENTRY_DSN="",
            FRONTEND_SENTRY_DSN="", LATEST_VERSION_CHECK="false")
        self.log = open(os.path.join(folder, "server.log"), "w")
        self.process = subprocess.Popen(
            [STUDIO, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port",
             str(self.port), "--data-dir", os.path.join(folder, "data"), "--username", "owner@example.org",
             "--password", "pw-12345678", "--user-token", TOKEN, "--log-level", "WARNING"],
            env={**os.environ, **settings}, stdout=self.log, stderr=self.log, start_new_session=True)
        for _ in range(1500):
            if self.process.poll() is not None:
                raise SystemExit("Label Studio ended: " + open(self.log.name).read()[-2000:])
            try:
                if self.ask("GET", "/health", who=None)["status"] == "UP":
                    return
            except OSError:
                time.sleep(0.2)
        raise SystemExit("Label Studio did not come up")

    def ask(self, method, target, body=None, who=OWNER, address=None):
        request = urllib.request.Request(
            (address or self.address) + target, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        if who:
            request.add_header("Authorization", who.authorization)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def join(self, email, password):
        """Somebody signs up as a browser does, with the owner's invitation, and makes a key of their own.

        A user whom the owner creates through the API has no password, and so can get no key.
        """
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

        def send(target, body, kind):
            cookie = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
            request = urllib.request.Request(self.address + target, data=body, headers={
                "Content-Type": kind, "X-CSRFToken": cookie, "Referer": self.address + target})
            return browser.open(request, timeout=60).read()

        invitation = self.ask("GET", "/api/invite")["invite_url"]
        browser.open(self.address + invitation, timeout=60).read()
        send(invitation, urllib.parse.urlencode(dict(email=email, password=password)).encode(),
             "application/x-www-form-urlencoded")
        key = json.loads(send("/api/token/", b"{}", "application/json"))["token"]
        return self.renewed(Person(key))

    def renewed(self, person):
        access = self.ask("POST", "/api/token/refresh", dict(refresh=person.key), who=None)["access"]
        return Person(person.key, access)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


class Proxy:
    """Passes requests on; keeps them; can kill the program in the middle of one."""

    def __init__(self, server):
        self.exchanges, self.victim, self.imports_before_death = [], None, None
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = urllib.request.Request(
                    server.address + self.path, method=self.command, data=body or None)
                for name in ["Authorization", "Content-Type", "Accept"]:
                    if self.headers.get(name):
                        request.add_header(name, self.headers[name])
                try:
                    with urllib.request.urlopen(request, timeout=120) as answer:
                        status, text = answer.status, answer.read()
                except urllib.error.HTTPError as error:
                    status, text = error.code, error.read()
                if self.path.endswith("/import") and proxy.imports_before_death is not None:
                    if proxy.imports_before_death == 0:
                        proxy.imports_before_death = None
                        proxy.victim.kill()
                    else:
                        proxy.imports_before_death -= 1
                proxy.exchanges.append(dict(
                    method=self.command, target=self.path, request=json.loads(body) if body else None,
                    status=status, response=text.decode()))
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                except OSError:
                    pass

            do_GET = do_POST = do_PATCH = do_DELETE = handle_any

        # A program that is killed leaves its connection open.
        ThreadingHTTPServer.handle_error = lambda *arguments: None
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def take(self):
        taken, self.exchanges = self.exchanges, []
        return taken


def expect(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"FAILED {what}: found {found!r}, expected {wanted!r}")
    print(f"ok   {what}: {wanted!r}" if len(repr(wanted)) < 70 else f"ok   {what}")


def pairs(count):
    answers = {}
    with open(DEMONSTRATIONS) as file:
        for line in file:
            row = json.loads(line)
            answers.setdefault(row["prompt"], []).append(row["completion"])
    rows = [dict(prompt=p, answer1=a[0], answer2=a[1]) for p, a in answers.items() if len(a) > 1 and a[0] != a[1]]
    return [dict(row, pair_id=f"pair-{index:04}") for index, row in enumerate(rows[:count])]


def main(folder):
    os.chdir(folder)
    rows = pairs(350)
    with open("pairs.jsonl", "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    server = Server(folder)
    try:
        check(server, Proxy(server), rows)
    finally:
        server.stop()


def check(server, proxy, rows):
    def rlhf(*words, key=TOKEN, address=proxy.address, code=0):
        environment = dict(os.environ, LABEL_STUDIO_API_KEY=key, LABEL_STUDIO_URL=address)
        done = subprocess.run(
            [PROGRAM, *words], env=environment, capture_output=True, text=True, timeout=600)
        if done.returncode != code:
            raise SystemExit(f"FAILED {words}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stderr.strip() if code else done.stdout.strip()

    # A push that is killed: the server has the second batch, the program never heard of it.
    push = ["labelstudio", "push", "--comparisons", "pairs.jsonl", "--annotators", "2", "--project", "tutorial pairs"]
    proxy.imports_before_death = 1
    proxy.victim = subprocess.Popen(
        [PROGRAM, *push], env=dict(os.environ, LABEL_STUDIO_API_KEY=TOKEN, LABEL_STUDIO_URL=proxy.address),
        stdout=subprocess.DEVNULL)
    expect("the killed push", proxy.victim.wait(), -9)
    project = server.ask("GET", "/api/projects/")["results"][0]["id"]
    listed = lambda: server.ask("GET", f"/api/tasks?project={project}&page_size=1000&fields=all")["tasks"]
    expect("tasks after the killed push", len(listed()), 200)
    again = json.loads(rlhf(*push, "--json"))
    expect("the repeated push", again, dict(project=project, created=150, present=200, predictions=0))
    expect("a push too many", json.loads(rlhf(*push, "--json"))["created"], 0)
    tasks = listed()
    expect("tasks", len(tasks), len(rows))
    expect("different pairs", len({task["data"]["pair_id"] for task in tasks}), len(rows))
    by_id = {row["pair_id"]: row for row in rows}
    for task in tasks:
        row, data = by_id[task["data"]["pair_id"]], task["data"]
        sides = (row["answer2"], row["answer1"]) if data["swapped"] else (row["answer1"], row["answer2"])
        assert (data["answer1"], data["answer2"]) == sides, data
    swapped = sum(task["data"]["swapped"] for task in tasks)
    expect("sides are exchanged about half the time", 125 < swapped < 225, True)

    # Two annotators, each with a key of their own, with every verdict, skips, an empty answer, a second
    # thought and a ground truth.
    guest = server.join("second@example.org", "pw-12345678")
    owner, second = [server.ask("GET", "/api/current-user/whoami", who=who)["id"] for who in (OWNER, guest)]
    expect("two people", len({owner, second}), 2)
    expect("the second one's key is taken", "the key is taken" in rlhf("labelstudio", "status", key=guest.key), True)
    people = {owner: OWNER, second: guest}
    words = ["left_much", "left", "tie", "right", "right_much", "both_bad"]
    flip = dict(left="right", right="left", tie="tie", both_bad="both_bad", skip="skip")
    wanted = {}

    def annotate(task, user, word, seconds, **fields):
        result = [] if word is None else [dict(
            from_name="verdict", to_name="prompt", type="choices", value=dict(choices=[word]))]
        made = server.ask("POST", f"/api/tasks/{task['id']}/annotations/", dict(
            result=result, lead_time=seconds, **fields), who=people[user])
        assert made["completed_by"] == user, made

    for index, task in enumerate(tasks[:60]):
        for user in (owner, second):
            pair, swap = task["data"]["pair_id"], task["data"]["swapped"]
            seconds = 2.5 + index + user
            if (index + user) % 7 == 6:
                annotate(task, user, None, seconds, was_cancelled=True)
                wanted[pair, str(user)] = ("skip", None, seconds)
                continue
            word = words[(index * (1 if user == owner else 5)) % 6]
            annotate(task, user, word, seconds, ground_truth=index == 3 and user == owner)
            side, much = word.removesuffix("_much"), word.endswith("_much")
            wanted[pair, str(user)] = (
                flip[side] if swap else side, (3 if much else 1) if side in ("left", "right") else None, seconds)
    annotate(tasks[60], owner, None, 9.0)  # submitted with nothing chosen: no vote
    annotate(tasks[61], owner, "left", 5.0)
    annotate(tasks[61], owner, "tie", 6.0)  # the newest counts
    wanted[tasks[61]["data"]["pair_id"], str(owner)] = ("tie", None, 6.0)

    pull = ["labelstudio", "pull", "--comparisons", "pairs.jsonl", "--project", "tutorial pairs", "--out"]
    rlhf(*pull, "votes.jsonl")
    votes = [json.loads(line) for line in open("votes.jsonl")]
    found = {(v["pair_id"], v["annotator"]): (v["verdict"], v.get("strength"), v["seconds"]) for v in votes}
    expect("votes pulled", len(votes), len(wanted))
    expect("every verdict, strength and time", found, wanted)
    for user in (owner, second):
        for verdict in ("left", "right", "tie", "both_bad", "skip"):
            count = sum(v["annotator"] == str(user) and v["verdict"] == verdict for v in votes)
            expected = sum(who == str(user) and w[0] == verdict for (_, who), w in wanted.items())
            expect(f"{verdict} of user {user}", (count, count > 0), (expected, True))
    expect("ground truths", sum(v.get("ground_truth", False) for v in votes), 1)
    rlhf(*pull, "again.jsonl")
    expect("a second pull", open("again.jsonl").read(), open("votes.jsonl").read())

    # A reward model's scores: as predictions, then live.
    model = ["--quiet", "--batch-size", "8", "--steps", "3"]
    subprocess.run(f"head -400 {DEMONSTRATIONS} > demos.jsonl", shell=True, check=True)
    rlhf("train", "tokenizer", "--data", "demos.jsonl", "--vocab-size", "400", "--out", "tokenizer")
    rlhf("train", "sft", "--from-scratch", "layers=1,width=32,heads=2,context=256", "--tokenizer", "tokenizer",
         "--data", "demos.jsonl", "--out", "baseline", *model)
    with open("preferences.jsonl", "w") as file:
        file.writelines(json.dumps(dict(prompt=r["prompt"], chosen=r["answer1"], rejected=r["answer2"])) + "\n" for r in rows[:40])
    rlhf("train", "reward", "--model", "baseline", "--pairs", "preferences.jsonl", "--out", "reward", *model)
    expect("predictions", json.loads(rlhf(*push, "--reward", "reward", "--json"))["predictions"], len(rows))
    expect("predictions again", json.loads(rlhf(*push, "--reward", "reward", "--json"))["predictions"], 0)
    scores = {t["id"]: t["predictions"][0]["score"] for t in listed()}
    expect("scores are certainties", all(0 <= s < 1 for s in scores.values()), True)
    unlabelled = [t["id"] for t in listed() if t["total_annotations"] == 0 and t["cancelled_annotations"] == 0]
    asked = server.ask("GET", f"/api/projects/{project}/next")["id"]
    expect("the least certain is asked first", scores[asked], min(scores[t] for t in unlabelled))
    port = free_port()
    backend = subprocess.Popen([PROGRAM, "serve", "reward", "--reward", "reward", "--port", str(port)],
                               stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                server.ask("GET", "/health", address=f"http://127.0.0.1:{port}", who=None)
                break
            except OSError:
                time.sleep(0.1)
        machine = server.ask("POST", "/api/ml/", dict(
            project=project, title="rlhf", url=f"http://127.0.0.1:{port}"))
        expect("Label Studio sees the backend", machine["readable_state"], "Connected")
        answer = server.ask("POST", f"/api/dm/actions?id=retrieve_tasks_predictions&project={project}", dict(
            selectedItems={"all": False, "included": [t["id"] for t in tasks[:5]]}, project=project))
        expect("predictions fetched live", answer["processed_items"], 5)
    finally:
        backend.send_signal(signal.SIGINT)
    expect("the backend ends with Ctrl-C", backend.wait(10) in (0, 130), True)

    check_errors(server, proxy, rlhf, project, guest)
    record(server, proxy, rlhf, rows)


def check_errors(server, proxy, rlhf, project, guest):
    guest = server.renewed(guest)
    settings = dict(api_tokens_enabled=True, legacy_api_tokens_enabled=False)
    server.ask("POST", "/api/jwt/settings", settings, who=guest)
    sentence = rlhf("labelstudio", "status", code=1)
    expect("legacy keys are off", "takes no legacy tokens any more" in sentence, True)
    server.ask("POST", "/api/jwt/settings", dict(settings, legacy_api_tokens_enabled=True), who=guest)
    server.ask("POST", "/api/token/blacklist/", dict(refresh=guest.key), who=guest)
    sentence = rlhf("labelstudio", "status", key=guest.key, code=1)
    expect("a key that was taken back", "no longer takes this personal access token" in sentence, True)
    gone = f"http://127.0.0.1:{free_port()}"
    for words, key, address, part in [
        (["status"], "wrong", proxy.address, "does not know this key"),
        (["status"], MASKED, proxy.address, "no longer takes this personal access token"),
        (["status", "--project", "99"], TOKEN, proxy.address, "has no project 99"),
        (["pull", "--project", "no such", "--out", "x"], TOKEN, proxy.address, "has no project \"no such\""),
        (["status"], TOKEN, gone, "does not answer"),
    ]:
        sentence = rlhf("labelstudio", *words, key=key, address=address, code=1)
        expect("error", part in sentence and sentence.count("\n") == 0, True)
    for title, xml, part in [
        ("no pairwise", '<View><Text name="a" value="$prompt"/><TextArea name="t" toName="a"/></View>', "no comparison to use"),
        ("other fields", '<View><Text name="p" value="$prompt"/><Text name="a" value="$one"/><Text name="b" value="$two"/>'
         '<Text name="c" value="$extra"/><Pairwise name="w" toName="a,b"/></View>', "shows extra"),
    ]:
        server.ask("POST", "/api/projects/", dict(title=title, label_config=xml))
        sentence = rlhf("labelstudio", "push", "--comparisons", "pairs.jsonl", "--project", title, code=1)
        expect("error", part in sentence and sentence.count("\n") == 0, True)
    xml = ('<View><Text name="p" value="$question"/><Text name="a" value="$one"/><Text name="b" value="$two"/>'
           '<Pairwise name="which" toName="b,a"/></View>')
    server.ask("POST", "/api/projects/", dict(title="other names", label_config=xml))
    words = ["labelstudio", "push", "--comparisons", "pairs.jsonl", "--limit", "3", "--project", "other names", "--json"]
    expect("other names are followed", json.loads(rlhf(*words))["created"], 3)


def record(server, proxy, rlhf, rows):
    """A small project from beginning to end, with a personal access token, for the tests in Swift."""
    with open("few.jsonl", "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows[:4])
    token = server.ask("POST", "/api/token/", {})["token"]
    few = ["--comparisons", "few.jsonl", "--project", "a few pairs"]
    proxy.take()
    rlhf("labelstudio", "push", *few, "--template", "plain", key=token)
    rlhf("labelstudio", "push", *few, key=token)
    found = [p for p in server.ask("GET", "/api/projects/?page_size=100")["results"] if p["title"] == "a few pairs"][0]
    tasks = server.ask("GET", f"/api/tasks?project={found['id']}&page_size=10&fields=all")["tasks"]
    click = lambda side: [dict(from_name="comparison", to_name="comparison", type="pairwise", value=dict(selected=side))]
    for task, fields in zip(tasks, [
        dict(result=click("left"), lead_time=12.5), dict(result=click("right"), lead_time=3.0, ground_truth=True),
        dict(result=[], was_cancelled=True, lead_time=8.0), dict(result=[], lead_time=6.2)]):
        server.ask("POST", f"/api/tasks/{task['id']}/annotations/", fields)
    rlhf("labelstudio", "status", "--project", "a few pairs", key=token)
    rlhf("labelstudio", "pull", *few, "--out", "few-votes.jsonl", key=token)
    exchanges = proxy.take()
    rlhf("labelstudio", "status", key="wrong", code=1)
    rlhf("labelstudio", "status", key=MASKED, code=1)
    rlhf("labelstudio", "status", "--project", "99", key=TOKEN, code=1)
    errors = proxy.take()
    votes = [json.loads(line) for line in open("few-votes.jsonl")]
    expect("votes of the small project", sorted(v["verdict"] for v in votes).count("skip"), 1)
    expect("only clicks and skips are votes", len(votes), 3)
    if RECORD is None:
        return
    for exchange in exchanges + errors:
        if exchange["target"] == "/api/version":
            # Without the commit of whatever folder the server was started in.
            answer = json.loads(exchange["response"])
            exchange["response"] = json.dumps({k: answer[k] for k in ("release", "label-studio-os-package")})
    text = json.dumps(dict(pairs=rows[:4], votes=votes, exchanges=exchanges, errors=errors), indent=1)
    text = text.replace(token, MASKED)
    for exchange in exchanges:
        if exchange["target"] == "/api/token/refresh":
            text = text.replace(json.loads(exchange["response"])["access"], "access-token")
    with open(os.path.join(RECORD, "exchanges.json"), "w") as file:
        file.write(text + "\n")


if __name__ == "__main__":
    PROGRAM, STUDIO = os.path.abspath(PROGRAM), os.path.abspath(STUDIO)
    RECORD = os.path.abspath(RECORD) if RECORD else None
    with tempfile.TemporaryDirectory() as folder:
        main(folder)
    print("all is well")
