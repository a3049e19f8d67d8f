"""Answers one JSON value a line for dnspython.interop.test.ts: what dnspython makes of a message, a value or a signature."""

import json
import sys

import dns.message
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.tsig
import dns.tsigkeyring
import dns.update


def again(wire):
    """Read, and written by dnspython; a record set of its own for each record, as merging would lose their order."""
    message = dns.message.from_wire(bytes.fromhex(wire), one_rr_per_rrset=True)
    return message.to_wire(max_size=65535).hex()


def from_text(type, value):
    rdata = dns.rdata.from_text(dns.rdataclass.IN, type, value, origin=dns.name.root, relativize=False)
    return rdata.to_wire(origin=dns.name.root).hex()


def to_text(type, data):
    data = bytes.fromhex(data)
    return dns.rdata.from_wire(dns.rdataclass.IN, type, data, 0, len(data)).to_text()


def keyring(key):
    return dns.tsigkeyring.from_text({key["name"]: (key["algorithm"], key["secret"])})


def verified(wire, key, request_mac=""):
    message = dns.message.from_wire(bytes.fromhex(wire), keyring=keyring(key), request_mac=bytes.fromhex(request_mac))
    return message.had_tsig


def signed(name, key):
    message = dns.message.make_query(name, "SOA")
    message.use_tsig(keyring(key))
    return message.to_wire().hex()


calls = {each.__name__: each for each in (again, from_text, to_text, verified, signed)}
for line in sys.stdin:
    name, *arguments = json.loads(line)
    try:
        print(json.dumps({"value": calls[name](*arguments)}))
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
