package io.antler.journal.transport;

import io.antler.journal.transport.Security.MutualTls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The three files of a node, read and checked against each other. */
record Certificates(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> ca) {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final String HOW = " See docs/how-to/secure-the-cluster.md.";

    Certificates {
        chain = List.copyOf(chain);
        ca = List.copyOf(ca);
    }

    /** @throws CertificateUnusable with the file and what to do */
    static Certificates read(MutualTls files) {
        Certificates certificates = unchecked(files);
        certificates.checkDates(files);
        certificates.checkKey(files);
        certificates.checkSignedBy(files);
        return certificates;
    }

    /** As {@link #read}, whatever they are. */
    static Certificates unchecked(MutualTls files) {
        List<X509Certificate> chain = certificates("antler.tls.certificate", files.certificate());
        List<X509Certificate> ca = certificates("antler.tls.ca", files.ca());
        return new Certificates(chain, key(files.key(), chain.getFirst()), ca);
    }

    /** DNS names and IP addresses that the certificate is for; the common name does not count. */
    static Set<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? Set.of()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(DNS_NAME)
                                    || name.getFirst().equals(IP_ADDRESS))
                            .map(name -> String.valueOf(name.get(1)))
                            .collect(Collectors.toUnmodifiableSet());
        } catch (CertificateParsingException e) {
            return Set.of(); // so it is nobody's
        }
    }

    Set<String> names() {
        return names(chain.getFirst());
    }

    private static List<X509Certificate> certificates(String key, Path file) {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes(key, file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw new CertificateUnusable(key + ": " + file + " has no certificate in PEM form." + HOW);
            }
            return found;
        } catch (CertificateException e) {
            throw new CertificateUnusable(
                    key + ": " + file + " is not a certificate in PEM form: " + e.getMessage() + "." + HOW, e);
        }
    }

    private static PrivateKey key(Path file, X509Certificate certificate) {
        String name = "antler.tls.key";
        String text = new String(bytes(name, file), StandardCharsets.ISO_8859_1);
        String begin = "-----BEGIN PRIVATE KEY-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END PRIVATE KEY-----");
        if (from < 0 || to < from) {
            throw new CertificateUnusable(
                    name + ": " + file + " is not a private key in PKCS#8 PEM form without password"
                            + " (\"" + begin + "\"). Convert it: openssl pkcs8 -topk8 -nocrypt -in " + file
                            + " -out node.key");
        }
        if (!certificate.getPublicKey().getAlgorithm().equals("RSA")) {
            throw new CertificateUnusable("antler.tls.certificate: its key is of the kind "
                    + certificate.getPublicKey().getAlgorithm() + ", but Akka reads only RSA keys." + HOW);
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CertificateUnusable(
                    name + ": " + file + " is not a private key for the certificate in antler.tls.certificate: "
                            + e.getMessage() + "." + HOW,
                    e);
        }
    }

    private static byte[] bytes(String key, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CertificateUnusable(
                    key + ": " + file + " cannot be read: " + e
                            + ". It must exist, and the user that runs Antler must be able to read it.",
                    e);
        }
    }

    private void checkDates(MutualTls files) {
        checkDates("antler.tls.certificate", files.certificate(), chain);
        checkDates("antler.tls.ca", files.ca(), ca);
    }

    private static void checkDates(String key, Path file, List<X509Certificate> certificates) {
        for (X509Certificate certificate : certificates) {
            try {
                certificate.checkValidity();
            } catch (CertificateExpiredException e) {
                throw new CertificateUnusable(
                        key + ": " + file + " expired on "
                                + certificate.getNotAfter().toInstant() + ". Make a new one." + HOW,
                        e);
            } catch (CertificateNotYetValidException e) {
                throw new CertificateUnusable(
                        key + ": " + file + " is not valid before "
                                + certificate.getNotBefore().toInstant() + ". Check the clock of this machine (date).",
                        e);
            }
        }
    }

    private void checkKey(MutualTls files) {
        boolean fits;
        Exception cause = null;
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            byte[] sample = {1, 2, 3};
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(chain.getFirst().getPublicKey());
            signature.update(sample);
            fits = signature.verify(signed);
        } catch (GeneralSecurityException e) {
            fits = false;
            cause = e;
        }
        if (!fits) {
            throw unusable(
                    "antler.tls.key: " + files.key() + " is not the key to the certificate in " + files.certificate()
                            + ". Give both from the same pair." + HOW,
                    cause);
        }
    }

    private void checkSignedBy(MutualTls files) {
        try {
            var parameters = new PKIXParameters(ca.stream()
                    .map(certificate -> new TrustAnchor(certificate, null))
                    .collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            List<? extends Certificate> path = chain.stream()
                    .filter(certificate -> !ca.contains(certificate))
                    .toList();
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        } catch (GeneralSecurityException e) {
            throw unusable(
                    "antler.tls.certificate: " + files.certificate() + " was not signed by the CA in " + files.ca()
                            + " (" + e.getMessage() + "). All nodes need certificates of one CA, and its certificate."
                            + HOW,
                    e);
        }
    }

    private static CertificateUnusable unusable(String message, @Nullable Exception cause) {
        return cause == null ? new CertificateUnusable(message) : new CertificateUnusable(message, cause);
    }
}
