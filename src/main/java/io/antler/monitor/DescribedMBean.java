package io.antler.monitor;

import java.util.Arrays;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;

/** Takes the descriptions from {@link Description}, which a plain MXBean would not show. */
final class DescribedMBean extends StandardMBean {
    <T> DescribedMBean(T bean, Class<T> type) {
        super(bean, type, true);
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return text(getMBeanInterface().getAnnotation(Description.class), info.getDescription());
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        String getter = (info.isIs() ? "is" : "get") + info.getName();
        return Arrays.stream(getMBeanInterface().getMethods())
                .filter(method -> method.getName().equals(getter))
                .map(method -> text(method.getAnnotation(Description.class), info.getDescription()))
                .findFirst()
                .orElse(info.getDescription());
    }

    private static String text(@Nullable Description description, String otherwise) {
        return description == null ? otherwise : description.value();
    }
}
