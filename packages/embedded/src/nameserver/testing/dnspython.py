"""Speaks to a name server for dnspython.interop.test.ts: changes the zone, transfers it, and tries what must be refused."""

import json
import sys

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.tsigkeyring
import dns.update
import dns.xfr
import dns.zone

address, port, zone, key = sys.argv[1], int(sys.argv[2]), sys.argv[3], json.loads(sys.argv[4])
where = {"where": address, "port": port, "timeout": 20}
keyring = dns.tsigkeyring.from_text({key["name"]: (key["algorithm"], key["secret"])})
stranger = dns.tsigkeyring.from_text({key["name"]: (key["algorithm"], "AAAA")})


def update(keyring=keyring):
    return dns.update.UpdateMessage(zone, keyring=keyring, keyalgorithm=key["algorithm"])


def outcome(message):
    try:
        return dns.rcode.to_text(dns.query.tcp(message, **where).rcode())
    except dns.exception.DNSException as error:
        return type(error).__name__


first = update()
first.absent("host")
first.add("host", 60, "A", "192.0.2.1")
first.add("host", 60, "CAA", '0 issue "ca.example.net"')
stale = update()
stale.present("host", "A", "192.0.2.9")
stale.replace("host", 60, "A", "192.0.2.2")
exact = update()
exact.present("host", "A", "192.0.2.1")
exact.replace("host", 60, "A", "192.0.2.3")
forged = update(stranger)
forged.delete("host")
outcomes = {name: outcome(message) for name, message in {"first": first, "stale": stale, "exact": exact, "forged": forged}.items()}

# Read into a zone, which refuses a transfer that is not whole or not signed.
transferred = dns.zone.Zone(zone, relativize=False)
query, _ = dns.xfr.make_query(transferred, keyring=keyring, keyalgorithm=key["algorithm"])
dns.query.inbound_xfr(address, transferred, query, port=port, timeout=20)
records = sorted(
    f"{name} {rdataset.ttl} {dns.rdatatype.to_text(rdataset.rdtype)} {rdata}"
    for name, rdataset in transferred.iterate_rdatasets()
    for rdata in rdataset
)
answer = dns.query.udp_with_fallback(dns.message.make_query(f"host.{zone}", "A"), **where)[0]
print(json.dumps({**outcomes, "records": records, "answer": [str(rdata) for rrset in answer.answer for rdata in rrset]}))
