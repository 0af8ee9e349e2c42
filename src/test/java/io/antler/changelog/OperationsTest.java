package io.antler.changelog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperationsTest {
    private static @Nullable Operation find(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return Operations.ALL.find(bytes, 0, bytes.length, Operations.hash(bytes, 0, bytes.length));
    }

    @Test
    void eachOperationIsFoundByItsName() {
        for (Operation operation : Operations.ALL.list()) {
            assertEquals(operation, find(operation.name()));
            assertTrue(!operation.forms().isEmpty(), operation.name());
            assertTrue(!operation.writtenBy().isEmpty() || !operation.readBy().isEmpty(), operation.name());
        }
        assertNull(find("CREATES"));
        assertNull(find("CREAT"));
    }

    /** All that masters of 3.0.117 and 4.59 understand, and so can be in a changelog. */
    @Test
    void allOperationsOfBothGenerationsAreThere() {
        String all =
                "ACCESS ADDATTR APPEND ACQUIRE AQUIRE ARCHCHG AMTIME ATTR AUTOARCH CREATE CHUNKADD CHUNKDEL CHUNKFLAGSCLR"
                        + " CSADD CSDBOP CSDEL CUSTOMER EMPTYTRASH EMPTYSUSTAINED EMPTYRESERVED FLOCK FREEINODES IDLE INCVERSION"
                        + " LENGTH LINK MOVE NEXTCHUNKID PATADD PATDEL POSIXLOCK PURGE QUOTA RELEASE RENUMERATEEDGES REPAIR"
                        + " ROLLBACK SCDEL SCDUP SCECVERSION SCECON SCRAIDON SCREN SCSET SESADD SESCHANGED SESCONNECTED SESDEL"
                        + " SESDISCONNECTED SESSION SETACL SETEATTR SETFILECHUNK SETGOAL SETMETAID SETPATH SETSCLASS SETTRASHTIME"
                        + " SETVERSION SETXATTR SNAPSHOT SYMLINK TRASH_RECOVER TRASH_REMOVE TRUNC UNDEL UNLINK UNLOCK WRITE";
        List<String> names = List.of(all.split(" "));

        names.forEach(name -> assertNotNull(find(name), name));
        assertEquals(names.size(), Operations.ALL.list().size());
    }
}
