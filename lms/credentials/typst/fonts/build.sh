#!/bin/sh
# Makes the .ttf files of this folder from the fonts as published. Needed only to renew them: the results are kept here.
# sh build.sh NOTO EXPO: the folders with Debian's fonts-noto-core and with npm's @expo-google-fonts packages.
# Needs pyftsubset (pip install fonttools).
set -eu
noto=$1 expo=$2
letters="U+0020-007E,U+00A0-024F,U+0259,U+0294,U+02B0-02FF,U+0300-036F,U+0370-03FF,U+0400-04FF,U+1E00-1EFF"
signs="U+2002-200A,U+2010-2027,U+202F,U+2030-205E,U+2070-209F,U+20A0-20CF,U+2113,U+2116,U+2122,U+2190-2193,U+2212,U+FB00-FB06,U+25CC"
joiners="U+200C,U+200D"

western() { # source, target, code points
    pyftsubset "$1" --unicodes="$3" --no-hinting --layout-features=kern,mark,mkmk,ccmp,locl,liga,calt,onum,lnum,pnum,tnum --output-file="$2"
}
script() { # a whole script: shaping needs every glyph
    pyftsubset "$noto/$1.ttf" --unicodes='*' --no-hinting --layout-features='*' --output-file="$1.ttf"
}

for cut in 400Regular 400Regular_Italic 500Medium; do
    western "$expo/eb-garamond/$cut/EBGaramond_$cut.ttf" "EBGaramond-${cut#???}.ttf" "$letters,$signs,$joiners"
done
mv EBGaramond-Regular_Italic.ttf EBGaramond-Italic.ttf
for cut in 400Regular 600SemiBold 700Bold; do
    western "$expo/plus-jakarta-sans/$cut/PlusJakartaSans_$cut.ttf" "PlusJakartaSans-${cut#???}.ttf" "$letters,$signs,$joiners"
done
western "$noto/NotoSans-Regular.ttf" NotoSans-Regular.ttf "$letters,U+0250-02AF,U+1F00-1FFF,U+2C60-2C7F,U+A720-A7FF,$signs,$joiners"
for name in NotoNaskhArabic NotoSansJavanese NotoSansBalinese NotoSansSundanese NotoSansBatak NotoSansBuginese \
    NotoSansRejang NotoSansDevanagari NotoSansTamil NotoSansThai NotoSansHebrew; do
    script "$name-Regular"
done
