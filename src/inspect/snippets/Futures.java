import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Futures {
    /** {@code postData} is the text exactly as sent: the query of a GET, or the body of a POST. */
    public static String authent(String secret, String path, String nonce, String postData) throws GeneralSecurityException {
        String endpointPath = path.startsWith("/derivatives/") ? path.substring("/derivatives".length()) : path;
        byte[] digest = MessageDigest.getInstance("SHA-256").digest((postData + nonce + endpointPath).getBytes(UTF_8));
        Mac mac = Mac.getInstance("HmacSHA512");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA512"));
        return Base64.getEncoder().encodeToString(mac.doFinal(digest));
    }

    /** Prints the signature of KRAKEN_SECRET for a path, a nonce and postData. */
    public static void main(String[] args) throws GeneralSecurityException {
        System.out.println(authent(System.getenv("KRAKEN_SECRET"), args[0], args[1], args[2]));
    }
}
