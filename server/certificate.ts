/** Of OpenSSL, for a certificate whose issuers this machine does not know. */
const unknown =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_UNTRUSTED)$/;

/** What is wrong with the certificate of a store, for whoever runs the server; null where nothing is. */
export function whatOfCertificate({ code, message }: Error & { code?: unknown }): string | null {
  if (typeof code !== "string") return null;
  if (unknown.test(code))
    return `its certificate is signed by nobody whom this machine trusts (${message}); NODE_EXTRA_CA_CERTS is the file of who else may sign`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "its certificate is not for this host";
  return /^CERT_/.test(code) ? `its certificate is not valid (${message})` : null;
}
