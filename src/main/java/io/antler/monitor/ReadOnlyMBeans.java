package io.antler.monitor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.regex.Pattern;
import javax.management.MBeanServer;
import javax.management.remote.MBeanServerForwarder;
import org.jspecify.annotations.Nullable;

/**
 * Lets a remote client look but not touch: whoever may create or invoke MBeans of a JVM can run code in it, and the
 * connector asks for no password.
 */
final class ReadOnlyMBeans {
    private static final Pattern LOOKING =
            Pattern.compile("get.*|is.*|query.*|addNotificationListener|removeNotificationListener");

    private ReadOnlyMBeans() {}

    static MBeanServerForwarder of(MBeanServer server) {
        return (MBeanServerForwarder) Proxy.newProxyInstance(
                ReadOnlyMBeans.class.getClassLoader(),
                new Class<?>[] {MBeanServerForwarder.class},
                (_, method, arguments) -> forward(server, method, arguments));
    }

    private static @Nullable Object forward(MBeanServer server, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == MBeanServerForwarder.class) {
            return method.getReturnType() == void.class
                    ? null
                    : server; // the connector puts its own server behind this one
        }
        if (!LOOKING.matcher(method.getName()).matches()) {
            throw new SecurityException("Not done: " + method.getName()
                    + ". JMX only shows; what changes a node is a command of bin/antler");
        }
        try {
            return method.invoke(server, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
