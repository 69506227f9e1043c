"""What a gift supplier runs: takes in orders that Breakroom signs, each once.

SECRET=… python3 supplier_receiver.py 8080
"""

import hmac
import json
import os
import sys
import time
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ.get("SECRET", "").encode()
OLDEST = 300  # seconds
taken = set()  # a real one keeps the ids in its database, with the orders


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        id, moment = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        digest = hmac.digest(SECRET, f"{id}.{moment}.".encode() + body, "sha256")
        expected = f"v1,{b64encode(digest).decode()}"
        is_ours = hmac.compare_digest(expected, self.headers["webhook-signature"])
        if not is_ours or abs(time.time() - int(moment)) > OLDEST:
            self.answer(401)
            return
        if id not in taken:
            taken.add(id)
            print("to pack:", json.loads(body)["data"], flush=True)
        self.answer(204)  # the second time, too: it was taken

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
