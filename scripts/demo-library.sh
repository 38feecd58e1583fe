#!/usr/bin/env bash
# Makes a small library to look around in: three films and a series of three episodes, painted by ffmpeg itself.
# Usage: demo-library.sh DIR. What is there is left alone.
set -euo pipefail
dir=${1:?usage: demo-library.sh DIR}
mkdir -p "$dir"

# make FILE SECONDS PICTURE SOUND: PICTURE is a lavfi graph without duration, SOUND an aevalsrc expression.
make() {
	local file="$dir/$1" seconds=$2 picture=$3 sound=$4
	[ -e "$file" ] && return
	printf 'demo library: painting %s\n' "$1"
	mkdir -p "$(dirname "$file")"
	# Another name until it is whole, so that nobody takes half a film for one.
	ffmpeg -v error -nostdin -y \
		-f lavfi -i "$picture" \
		-f lavfi -i "aevalsrc=exprs='$sound':s=48000:c=stereo,aecho=0.8:0.7:60|130:0.35|0.2,afade=t=in:d=1.5,afade=t=out:st=$((seconds - 2)):d=2" \
		-t "$seconds" -map 0:v -map 1:a -pix_fmt yuv420p \
		-c:v libx264 -preset superfast -crf 23 -g 96 -c:a aac -b:a 160k \
		-f matroska "$file.part"
	mv "$file.part" "$file"
}

# Slow chords: voices a third and a fifth apart, swelling one after the other.
chord() { # BASE PERIOD
	local l="0.12*sin(2*PI*$1*t)*(0.6+0.4*sin(2*PI*t/$2))" m="0.09*sin(2*PI*$1*1.25*t)*(0.5+0.5*sin(2*PI*t/$2+2))"
	local h="0.08*sin(2*PI*$1*1.5*t)*(0.5+0.5*sin(2*PI*t/$2+4))" b="0.10*sin(PI*$1*t)"
	printf '%s+%s+%s|%s+%s+%s' "$l" "$m" "$b" "$l" "$h" "$b"
}

make "The Endless Shore (2021)/The Endless Shore (2021).mkv" 60 \
	"mandelbrot=s=640x360:r=24000/1001:start_scale=2.5:end_scale=0.004:end_pts=1400:maxiter=300:start_x=-0.7436:start_y=0.1318,format=yuv444p,hue=h='200+15*sin(t/8)':s=0.55,scale=1280:720:flags=bicubic" \
	"$(chord 110 7)"
make "Aurora (2019)/Aurora (2019).mkv" 45 \
	"gradients=s=960x540:r=24:n=5:c0=0x0b132b:c1=0x1c7c7d:c2=0x5f0f40:c3=0x9a031e:c4=0xfb8b24:speed=0.012,format=yuv420p,scale=1920:1080:flags=bicubic" \
	"$(chord 146.8 9)"
make "Small Worlds (2023)/Small Worlds (2023).mkv" 40 \
	"life=s=320x180:r=25:mold=12:ratio=0.12:death_color=0x1d3557:life_color=0xf1faee:mold_color=0x457b9d:seed=7,scale=1280:720:flags=neighbor,format=yuv420p" \
	"$(chord 98 5)"
make "Rule Book/Season 01/Rule Book S01E01 Thirty.mkv" 30 \
	"cellauto=s=320x180:r=25:rule=30:seed=3:scroll=1,scale=1280:720:flags=neighbor,colorchannelmixer=rr=0.9:gg=0.5:bb=0.3" \
	"$(chord 130.8 4)"
make "Rule Book/Season 01/Rule Book S01E02 One Hundred and Ten.mkv" 30 \
	"cellauto=s=320x180:r=25:rule=110:seed=5:scroll=1,scale=1280:720:flags=neighbor,colorchannelmixer=rr=0.3:gg=0.8:bb=0.6" \
	"$(chord 116.5 6)"
make "Rule Book/Season 01/Rule Book S01E03 Spectrum.mkv" 30 \
	"gradients=s=640x360:r=25:n=4:c0=0xf72585:c1=0x7209b7:c2=0x3a0ca3:c3=0x4cc9f0:speed=0.03:type=spiral,format=yuv420p,scale=1280:720:flags=bicubic" \
	"$(chord 164.8 3)"
