import { TOTP } from "otpauth";

export default {
  totp: {
    otpauth: ({ setupKey }) => {
      const totp = new TOTP({ secret: setupKey });
      return ({ at }) => totp.generate({ timestamp: at });
    },
  },
};
