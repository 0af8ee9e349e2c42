package io.antler.journal.transport;

import java.nio.file.Path;
import java.util.Set;

/** Whether others can read and change what peers say to each other. */
public sealed interface Security {
    /** In logs, in the status. */
    String word();

    /** For a network that only the nodes reach. */
    record Plain() implements Security {
        @Override
        public String word() {
            return "plain";
        }
    }

    /**
     * TLS 1.3; each side shows a certificate that the CA signed. PEM files.
     *
     * @param certificate of this node, certificates between it and the CA after it
     * @param key to the certificate, PKCS#8 without password
     * @param ca nothing is trusted but what it signed
     */
    record MutualTls(Path certificate, Path key, Path ca) implements Security {
        /**
         * DNS names and IP addresses that the certificate is for.
         *
         * @throws CertificateUnusable if a file is missing, is not what it should be, has expired or does not fit the others
         */
        public Set<String> names() {
            return Certificates.read(this).names();
        }

        @Override
        public String word() {
            return "tls";
        }
    }
}
