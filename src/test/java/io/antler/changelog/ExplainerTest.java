package io.antler.changelog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.Change;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ExplainerTest {
    private final Explainer explainer = new Explainer(new Names(10 << 20), ZoneOffset.UTC);
    private long version = 1;

    private String said(String operation) {
        String said = explainer.explain(new Change(version++, "1700000000|" + operation));
        String start = (version - 1) + "  2023-11-14T22:13:20Z  ";
        assertTrue(said.startsWith(start), said);
        return said.substring(start.length());
    }

    @Test
    void everyInodeIsCalledByItsPath() {
        assertEquals(
                "CREATE  makes directory /d (inode 2), mode 0755, umask 022, owner 0:0",
                said("CREATE(1,d,2,493,18,0,0,0):2"));
        assertEquals(
                "CREATE  makes file /d/f (inode 3), mode 0644, umask 022, owner 1000:1001",
                said("CREATE(2,f,1,420,18,1000,1001,0):3"));
        assertEquals("LENGTH  /d/f has 10 bytes now, with a new modification time", said("LENGTH(3,10,1)"));
        assertEquals("MOVE  moves /d to /e (inode 2)", said("MOVE(1,d,1,e):2"));
        assertEquals("ACCESS  reads /e/f: new access time", said("ACCESS(3)"));
        assertEquals("LINK  makes /e/g a hard link to /e/f", said("LINK(3,2,g)"));
        assertEquals("UNLINK  removes /e/f (inode 3)", said("UNLINK(2,f):3"));
        assertEquals("ACCESS  reads /e/g: new access time", said("ACCESS(3)"));
        assertEquals("UNLINK  removes /e/g (inode 3)", said("UNLINK(2,g):3"));
        assertEquals("PURGE  deletes /e/g (removed) from the trash", said("PURGE(3)"));
    }

    @Test
    void whatStandsUnderANameThatIsTakenIsRemoved() {
        said("CREATE(1,a,1,420,18,0,0,0):2");
        said("CREATE(1,b,1,420,18,0,0,0):3");

        assertEquals("MOVE  moves /a to /b (inode 2)", said("MOVE(1,a,1,b,0):2"));
        assertEquals("ACCESS  reads /b: new access time", said("ACCESS(2)"));
        assertEquals("ACCESS  reads /b (removed): new access time", said("ACCESS(3)"));
    }

    @Test
    void anExchangeGivesBothTheirNames() {
        said("CREATE(1,a,1,420,18,0,0,0):2");
        said("CREATE(1,b,1,420,18,0,0,0):3");

        assertEquals("MOVE  exchanges /a and /b", said("MOVE(1,a,1,b,1):4294967295"));
        assertEquals("ACCESS  reads /b: new access time", said("ACCESS(2)"));
        assertEquals("ACCESS  reads /a: new access time", said("ACCESS(3)"));
    }

    @Test
    void aFileComesBackFromTheTrashUnderItsOldNameOrANewOne() {
        said("CREATE(1,a,1,420,18,0,0,0):2");
        said("UNLINK(1,a):2");
        assertEquals("UNDEL  brings /a (removed) back from the trash", said("UNDEL(2)"));
        assertEquals("ACCESS  reads /a: new access time", said("ACCESS(2)"));

        said("UNLINK(1,a):2");
        assertEquals("SETPATH  /a (removed) would come back from the trash as /x/y", said("SETPATH(2,x/y)"));
        said("UNDEL(2)");
        assertEquals("ACCESS  reads /x/y: new access time", said("ACCESS(2)"));

        assertEquals(
                "TRASH_RECOVER  brings inode 9 back from the trash as /r, by uid 0",
                said("TRASH_RECOVER(9,1,r,18,0,0,0):(r)"));
        assertEquals("ACCESS  reads /r: new access time", said("ACCESS(9)"));
    }

    @Test
    void aNumberThatIsUsedAgainHasItsNewName() {
        said("CREATE(1,old,1,420,18,0,0,0):2");
        said("UNLINK(1,old):2");
        said("CREATE(1,new,1,420,18,0,0,0):2");

        assertEquals("ACCESS  reads /new: new access time", said("ACCESS(2)"));
    }

    @Test
    void whatIsNotKnownIsCalledByItsNumber() {
        assertEquals("ACCESS  reads inode 7: new access time", said("ACCESS(7)"));
        assertEquals(
                "CREATE  makes fifo (inode 5)/f (inode 8), mode 0644, umask 022, owner 0:0",
                said("CREATE(5,f,4,420,18,0,0,0):8"));
        assertEquals("ACCESS  reads (inode 5)/f: new access time", said("ACCESS(8)"));
        assertEquals("RELEASE  session 3 closes inode 4294967295", said("RELEASE(3,4294967295)"));
    }

    @Test
    void namesAreShownSoThatTheyDoNoHarm() {
        assertEquals(
                "CREATE  makes file \"/a, b\" (inode 2), mode 0644, umask 022, owner 0:0",
                said("CREATE(1,a%2C b,1,420,18,0,0,0):2"));
        assertEquals(
                "SYMLINK  makes symlink \"/\\x1B[31m\\x0A\" (inode 3) to \"\\\"\\\\\", owner 0:0",
                said("SYMLINK(1,%1B[31m%0A,\"\\,0,0):3"));
        assertEquals(
                "CREATE  makes file /zażółć (inode 4), mode 0644, umask 022, owner 0:0",
                said("CREATE(1,za%C5%BC%C3%B3%C5%82%C4%87,1,420,18,0,0,0):4"));
        assertEquals("UNLINK  removes \"/\\xFF\\xE2\\x80\\xAE\" (inode 5)", said("UNLINK(1,%FF%E2%80%AE):5"));
    }

    @Test
    void sessionsAreToldByWhereTheyComeFrom() {
        assertEquals(
                "SESADD  session 3 begins: 10.99.0.1 mounts / at /mnt/mfs, admin",
                said("SESADD(#17,1,8,0000,0,0,999,999,0xFFFF,0,4294967295,0x00000000,174260225,/mnt/mfs):3"));
        assertEquals(
                "SESADD  session 4 begins: 10.99.0.1 mounts / at /mnt/mfs",
                said("SESADD(#17,1,0,0022,0,0,999,999,1,9,0,4294967295,0x00000000,174260225,/mnt/mfs):4"));
        assertEquals("ACQUIRE  session 3 (10.99.0.1 /mnt/mfs) opens inode 5", said("ACQUIRE(3,5)"));
        assertEquals("SESDEL  session 3 (10.99.0.1 /mnt/mfs) ends", said("SESDEL(3)"));
        assertEquals("SESDEL  session 9 ends", said("SESDEL(9)"));
    }

    @Test
    void formsOfDifferentReleasesAndOddArguments() {
        assertEquals(
                "SCSET  makes storage class three (10): W1,K1,A1,1,0,0,0,0",
                said("SCSET(three,1,W1,K1,A1,1,0,0,0,0):10"));
        assertEquals(
                "SCSET  changes storage class x (5): 1,,0,0,C(0:0:255),K(1:0:255),A(1:0:0:255),T(0:0:0:255),1,(1:24:0),0,0,FF,FF",
                said("SCSET(x,0,1,,0,0,C(0:0:255),K(1:0:255),A(1:0:0:255),T(0:0:0:255),1,(1:24:0),0,0,FF,FF):5"));
        assertEquals(
                "SNAPSHOT  snapshot of inode 5 as /s, overwriting, by uid 0: 2 new, 1 were there, 0 removed",
                said("SNAPSHOT(5,1,s,1,0,0,[0,1000],18):99,0,0,1,0,2"));
        assertEquals("IDLE  nothing: the master is idle", said("IDLE()"));
        assertEquals("SESSION  session 1 begins", said("SESSION():1"));
        assertEquals("CSDBOP  chunkserver 10.0.0.5:9422 is new, its number 7", said("CSDBOP(0,167772165,9422,7)"));
        assertEquals("QUOTA  removes the quota of inode 5", said("QUOTA(5,0,0,0,0,0,0,0,0,0,0,0,0)"));
        assertEquals("FLOCK  session 1 takes a shared lock on inode 5 (flock, owner 77)", said("FLOCK(5,1,77,R)"));
        assertEquals(
                "SETXATTR  sets extended attribute user.a of inode 5 (3 bytes)", said("SETXATTR(5,user.a,a%00b,0)"));
        assertEquals(
                "SETMETAID  the file system is new: its metadata id is 6B033F33BF7C765B",
                said("SETMETAID(7711076478476908123)"));
        assertEquals(
                "SETEATTR  extra attributes of inode 5, by uid 0: adds noowner+immutable (1 changed, 0 not, 0 not allowed)",
                said("SETEATTR(5,0,129,1):1,0,0"));
    }

    @Test
    void whatIsNotKnownIsShownAsItIs() {
        assertEquals("NEWTHING(1,2):3  (an operation that is not known)", said("NEWTHING(1,2):3"));
        assertEquals("ACCESS(x)  (this operation is not known with such arguments)", said("ACCESS(x)"));
        assertEquals(
                "CREATE(1,f%2,1,420,18,0,0,0):3  (this operation is not known with such arguments)",
                said("CREATE(1,f%2,1,420,18,0,0,0):3"));
        assertEquals("ACCESS(1  (this operation is not known with such arguments)", said("ACCESS(1"));
        assertEquals(
                "CREATE  makes file /[x[1] (inode 2), mode 0644, umask 022, owner 0:0",
                said("CREATE(1,[x[1],1,420,18,0,0,0):2"));
        assertEquals("  (an operation that is not known)", said(""));
        assertEquals("((((  (an operation that is not known)", said("(((("));
    }

    @Test
    void asJson() {
        explainer.read(Lines.of("7: 1700000000|CREATE(1,a%22b,1,420,18,0,0,0):2\n"));
        var out = new Text();
        explainer.json(out);

        assertEquals(
                "{\"version\":7,\"seconds\":1700000000,\"time\":\"2023-11-14T22:13:20Z\",\"operation\":\"CREATE\","
                        + "\"arguments\":{\"parent\":1,\"name\":\"a\\\\\\\"b\",\"type\":\"1\",\"mode\":420,\"umask\":18,"
                        + "\"uid\":0,\"gid\":0,\"device\":\"0\"},\"results\":{\"inode\":2},"
                        + "\"text\":\"makes file \\\"/a\\\\\\\"b\\\" (inode 2), mode 0644, umask 022, owner 0:0\","
                        + "\"line\":\"7: 1700000000|CREATE(1,a%22b,1,420,18,0,0,0):2\"}",
                out.toString());
    }
}
