// Whether verifiers that others wrote believe a certificate of the internal CA, and refuse it once it is revoked: Go and Java, each by
// OCSP and by lists, from the addresses that the certificates name.
// needs: go, javac
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRevocationWorld, type RevocationWorld } from './testing/revocation-world.ts';

const goModule = 'golang.org/x/crypto@v0.59.0';

/** Verifies the chain, then asks by OCSP with the hash, GET or POST, and reads the list that the certificate names. */
const goProgram = `package main

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"golang.org/x/crypto/ocsp"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func certificate(name string) *x509.Certificate {
	block, _ := pem.Decode(must(os.ReadFile(name)))
	return must(x509.ParseCertificate(block.Bytes))
}

func body(response *http.Response) []byte {
	return must(io.ReadAll(response.Body))
}

func main() {
	leaf, ca, root := certificate(os.Args[1]), certificate("ca.pem"), certificate("root.pem")
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(root)
	intermediates.AddCert(ca)
	must(leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, DNSName: "n.example.test"}))

	for _, hash := range []crypto.Hash{crypto.SHA1, crypto.SHA256} {
		request := must(ocsp.CreateRequest(leaf, ca, &ocsp.RequestOptions{Hash: hash}))
		address := leaf.OCSPServer[0]
		posted := body(must(http.Post(address, "application/ocsp-request", bytes.NewReader(request))))
		got := body(must(http.Get(address + "/" + url.QueryEscape(base64.StdEncoding.EncodeToString(request)))))
		for _, der := range [][]byte{posted, got} {
			response := must(ocsp.ParseResponseForCert(der, leaf, ca))
			fmt.Println("ocsp", hash, map[int]string{ocsp.Good: "good", ocsp.Revoked: "revoked"}[response.Status], response.RevocationReason)
		}
	}

	list := must(x509.ParseRevocationList(body(must(http.Get(leaf.CRLDistributionPoints[0])))))
	if err := list.CheckSignatureFrom(ca); err != nil {
		panic(err)
	}
	listed := "good"
	for _, entry := range list.RevokedCertificateEntries {
		if entry.SerialNumber.Cmp(leaf.SerialNumber) == 0 {
			listed = "revoked"
		}
	}
	fmt.Println("list", listed)
}
`;

/** Validates the path as PKIX (RFC 5280 §6) with one way to ask for revocations, and no other to fall back to. */
const javaProgram = `import java.io.FileInputStream;
import java.security.cert.*;
import java.util.*;

public class Check {
  static X509Certificate certificate(String name) throws Exception {
    return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(name));
  }

  public static void main(String[] arguments) throws Exception {
    CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate(arguments[0]), certificate("ca.pem")));
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate("root.pem"), null)));
    CertPathValidator validator = CertPathValidator.getInstance("PKIX");
    PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
    Set<PKIXRevocationChecker.Option> options = EnumSet.of(PKIXRevocationChecker.Option.NO_FALLBACK);
    // The root has no responder: what it revoked stands in its list.
    if (arguments[1].equals("ocsp")) options.add(PKIXRevocationChecker.Option.ONLY_END_ENTITY);
    else options.add(PKIXRevocationChecker.Option.PREFER_CRLS);
    checker.setOptions(options);
    parameters.addCertPathChecker(checker);
    try {
      validator.validate(path, parameters);
      System.out.println("good");
    } catch (CertPathValidatorException refused) {
      System.out.println(refused.getReason() + " " + refused.getMessage());
    }
  }
}
`;

let world: RevocationWorld;
beforeAll(async () => {
  world = await createRevocationWorld();
  await mkdir(join(world.folder, 'go'));
  await world.write('go/main.go', goProgram);
  await world.write('Check.java', javaProgram);
  for (const args of [
    ['mod', 'init', 'check'],
    ['get', goModule],
    ['build', '-o', '../check', '.'],
  ])
    await world.outcome('go', '-C', 'go', ...args);
  await world.outcome('javac', 'Check.java');
});
afterAll(() => world.close());

describe('Go', () => {
  it.each([
    ['good', ['SHA-1 good 0', 'SHA-1 good 0', 'SHA-256 good 0', 'SHA-256 good 0'], 'good'],
    ['bad', ['SHA-1 revoked 1', 'SHA-1 revoked 1', 'SHA-256 revoked 1', 'SHA-256 revoked 1'], 'revoked'],
  ])('is told what is so of the %s one, by POST and GET and by its list', async (name, answers, listed) => {
    const expected = [...answers.map((answer) => `ocsp ${answer}`), `list ${listed}`];
    expect((await world.outcome('./check', `${name}.pem`)).trim().split('\n')).toEqual(expected);
  });
});

describe('Java', () => {
  it.each([
    ['good', 'ocsp', /^good$/],
    ['good', 'crl', /^good$/],
    ['bad', 'ocsp', /^REVOKED .*KEY_COMPROMISE/],
    ['bad', 'crl', /^REVOKED .*KEY_COMPROMISE/],
  ])('validates the %s one by %s alone', async (name, way, expected) => {
    const options = ['-Dcom.sun.security.enableCRLDP=true', '-Docsp.enable=true'];
    expect((await world.outcome('java', ...options, 'Check', `${name}.pem`, way)).trim()).toMatch(expected);
  });
});
