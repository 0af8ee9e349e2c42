package io.antler.changelog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.BadImage;
import io.antler.moosefs.Change;
import io.antler.moosefs.ImageReader;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import io.antler.moosefs.TestImage.Edge;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageNamesTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final byte[] IMAGE = TestImage.withSections(
            100,
            ID,
            TestImage.edges(
                    new Edge(1, 2, "home"),
                    new Edge(2, 3, "report 1.txt"),
                    new Edge(0, 4, "home/gone"),
                    new Edge(2, 5, "x")));

    private static Explainer learnt(byte[] image) throws IOException {
        var explainer = new Explainer(new Names(64 << 20), ZoneOffset.UTC);
        explainer.learn(ImageReader.of(new ByteArrayInputStream(image), "metadata.mfs"), _ -> {});
        return explainer;
    }

    private static String said(Explainer explainer, long version, String operation) {
        return explainer.explain(new Change(version, "1700000000|" + operation)).replaceAll("^.*?Z  ", "");
    }

    @Test
    void inodesAreCalledAsTheImageHasThem() throws IOException {
        Explainer explainer = learnt(IMAGE);

        assertEquals("ACCESS  reads \"/home/report 1.txt\": new access time", said(explainer, 100, "ACCESS(3)"));
        assertEquals("PURGE  deletes /home/gone (removed) from the trash", said(explainer, 101, "PURGE(4)"));
        assertEquals("MOVE  moves /home to /h (inode 2)", said(explainer, 102, "MOVE(1,home,1,h):2"));
        assertEquals("ACCESS  reads /h/x: new access time", said(explainer, 103, "ACCESS(5)"));
    }

    @Test
    void earlierChangesDoNotAlterWhatTheImageHasButTellWhatItHasNoMore() throws IOException {
        Explainer explainer = learnt(IMAGE);

        assertEquals("MOVE  moves /home/old to /home/x (inode 5)", said(explainer, 50, "MOVE(2,old,2,x):5"));
        assertEquals("MOVE  moves /home/x to /home/between (inode 5)", said(explainer, 51, "MOVE(2,x,2,between):5"));
        assertEquals("ACCESS  reads /home/x: new access time", said(explainer, 52, "ACCESS(5)"));
        said(explainer, 60, "CREATE(2,shortlived,1,420,18,0,0,0):9");
        assertEquals("ACCESS  reads /home/shortlived: new access time", said(explainer, 61, "ACCESS(9)"));
    }

    @Test
    void aDamagedImageIsNamedWithItsByte() {
        byte[] tooShort = TestImage.withSections(100, ID, TestImage.section("EDGE 1.1", new byte[20]));
        byte[] newer = TestImage.withSections(100, ID, TestImage.section("EDGE 1.3", new byte[20]));

        var bad = assertThrows(BadImage.class, () -> learnt(tooShort));
        var unknown = assertThrows(BadImage.class, () -> learnt(newer));

        assertEquals(
                "metadata.mfs is not a usable metadata image: a record at byte 259 goes over the end of its section EDGE:"
                        + " it is damaged",
                bad.getMessage());
        assertTrue(
                String.valueOf(unknown.getMessage()).contains("EDGE has the unknown version 1.3"), unknown.toString());
    }

    @Test
    void anythingIsLearntOrANamedError() {
        int[] results = new int[2];
        for (long seed = 0; seed < 3000; seed++) {
            var random = new Random(seed);
            byte[] image = IMAGE.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                image[random.nextInt(image.length)] = (byte) random.nextInt(256);
            }
            try {
                said(learnt(image), 100, "ACCESS(3)");
                results[0]++;
            } catch (BadImage named) {
                results[1]++;
                assertTrue(String.valueOf(named.getMessage()).startsWith("metadata.mfs "), named.toString());
            } catch (IOException | RuntimeException other) {
                throw new AssertionError("seed " + seed, other);
            }
        }
        assertTrue(results[0] > 0 && results[1] > 0);
    }
}
