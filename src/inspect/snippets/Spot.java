import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Spot {
    /** {@code body} is the text exactly as sent, including the nonce. */
    public static String apiSign(String secret, String path, String nonce, String body) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest((nonce + body).getBytes(UTF_8));
        Mac mac = Mac.getInstance("HmacSHA512");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA512"));
        mac.update(path.getBytes(UTF_8));
        return Base64.getEncoder().encodeToString(mac.doFinal(digest));
    }

    /** Prints the signature of KRAKEN_SECRET for a path, a nonce and a body. */
    public static void main(String[] args) throws GeneralSecurityException {
        System.out.println(apiSign(System.getenv("KRAKEN_SECRET"), args[0], args[1], args[2]));
    }
}
