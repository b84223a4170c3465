// A service on a real JVM: it answers requests with the name of its pod, and two of its threads lock each other out.
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;

public class Shop {
    static final Object CART = new Object(), PAYMENT = new Object();
    static final CountDownLatch BOTH = new CountDownLatch(2);

    static void lock(Object first, Object second) {
        synchronized (first) {
            BOTH.countDown();
            try {
                BOTH.await();
            } catch (InterruptedException error) {
                return;
            }
            synchronized (second) {
                System.out.println("never");
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        for (Thread thread : new Thread[] {
            new Thread(() -> lock(CART, PAYMENT), "checkout"), new Thread(() -> lock(PAYMENT, CART), "refund")
        }) {
            thread.setDaemon(true);
            thread.start();
        }
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 0);
        byte[] name = System.getenv("HOSTNAME").getBytes();
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, name.length);
            exchange.getResponseBody().write(name);
            exchange.close();
        });
        server.start();
        System.out.println("serving at " + arguments[0]);
    }
}
