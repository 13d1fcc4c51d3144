// libasound as it is: what Swift cannot import (the alloca macros) has functions beside it.
#ifndef CPUMPKII_ALSA_H
#define CPUMPKII_ALSA_H

#include <alsa/asoundlib.h>

#endif
