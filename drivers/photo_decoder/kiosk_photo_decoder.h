/* What a decoder for the photo of an identity card offers to the kiosk: two functions in one shared
 * object. C, so that a vendor's adapter needs nothing of ours but this file.
 *
 * The kiosk loads the object in a helper process that lives for one photo:
 *   - dlopen(RTLD_NOW | RTLD_LOCAL), then kiosk_photo_decoder_version(), then kiosk_photo_decode() once;
 *   - 3 s for everything, then the process is killed;
 *   - no environment, standard output and error lead nowhere, the current folder is empty;
 *   - files can be read in the object's own folder (tables, a licence) and in the system's library
 *     folders, elsewhere only where the kernel offers no Landlock; nothing can be written;
 *   - no sockets, no threads, no other processes, no devices: such a call ends the process;
 *   - 256 MiB of address space, 3 s of processor time.
 * Use the functions of the vendor's library that work on memory; those that write a BMP beside their
 * input do not work here, because no photo is ever written (DESIGN section 4).
 *
 * Build: cc -shared -fPIC -O2 -o decoder.so adapter.c -Wl,-rpath,'$ORIGIN' -lvendor
 * The object, and every folder above it, must belong to root (or to the kiosk's user) and must not be
 * writable by others. Its path stands in the kiosk's configuration under "photoDecoder".
 *
 * Source of the sizes: spec id-card-reader section 8. Unverified on hardware: no vendor's library was
 * tried with it.
 */
#ifndef KIOSK_PHOTO_DECODER_H
#define KIOSK_PHOTO_DECODER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KIOSK_PHOTO_DECODER_VERSION 1

#define KIOSK_PHOTO_CHIP_BYTES 1024
#define KIOSK_PHOTO_WIDTH 102
#define KIOSK_PHOTO_HEIGHT 126
#define KIOSK_PHOTO_PIXEL_BYTES 38556 /* 102 x 126 x 3, rows without padding */

enum kiosk_photo_order {
    KIOSK_PHOTO_RGB = 0,
    KIOSK_PHOTO_BGR = 1 /* as in a BMP */
};
enum kiosk_photo_rows {
    KIOSK_PHOTO_FROM_TOP = 0,
    KIOSK_PHOTO_FROM_BOTTOM = 1 /* as in a BMP */
};

/* What the decoder says of the pixels. All zero when it is called. */
struct kiosk_photo_info {
    uint32_t order; /* enum kiosk_photo_order */
    uint32_t rows;  /* enum kiosk_photo_rows */
    uint32_t reserved[6];
};

/* KIOSK_PHOTO_DECODER_VERSION of the header it was compiled with. Another one is refused. */
uint32_t kiosk_photo_decoder_version(void);

/* chip: exactly KIOSK_PHOTO_CHIP_BYTES, read only. pixels: exactly KIOSK_PHOTO_PIXEL_BYTES, zero when
 * called; one byte more is an access error. Returns 0 when the pixels are a picture. Any other value
 * means that there is none; it stands in the technician's log and has no further meaning. */
int32_t kiosk_photo_decode(const uint8_t *chip, uint8_t *pixels, struct kiosk_photo_info *info);

#ifdef __cplusplus
}
#endif

#endif
