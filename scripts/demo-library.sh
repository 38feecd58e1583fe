#!/usr/bin/env bash
# Makes a small library to look around in: four films, a trailer and a series of three episodes, painted by ffmpeg itself,
# with descriptions, pictures and subtitles beside them as owners keep them.
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

# beside FILE: writes standard input, unless the file is there.
beside() {
	[ -e "$dir/$1" ] && return
	cat >"$dir/$1.part" && mv "$dir/$1.part" "$dir/$1"
}

# frame FILE FILM SECOND FILTERS: one frame of a film as a picture.
frame() {
	[ -e "$dir/$1" ] && return
	ffmpeg -v error -nostdin -y -ss "$3" -i "$dir/$2" -frames:v 1 -vf "$4" -q:v 3 -f mjpeg "$dir/$1.part"
	mv "$dir/$1.part" "$dir/$1"
}
tall="crop=ih*2/3:ih,scale=720:1080:flags=lanczos"
wide="scale=1280:720:flags=lanczos"

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
make "Le Cœur à ses Raisons (2019)/Le Cœur à ses Raisons (2019).mkv" 40 \
	"gradients=s=640x360:r=25:n=3:c0=0x590d22:c1=0xff4d6d:c2=0xffb3c1:speed=0.02:type=radial,format=yuv420p,scale=1280:720:flags=bicubic" \
	"$(chord 123.5 8)"
make "Aurora (2019)/Aurora (2019)-trailer.mkv" 12 \
	"gradients=s=640x360:r=24:n=4:c0=0x0b132b:c1=0x1c7c7d:c2=0x9a031e:c3=0xfb8b24:speed=0.06,format=yuv420p,scale=1280:720:flags=bicubic" \
	"$(chord 146.8 3)"

frame "The Endless Shore (2021)/poster.jpg" "The Endless Shore (2021)/The Endless Shore (2021).mkv" 31 "$tall"
frame "The Endless Shore (2021)/fanart.jpg" "The Endless Shore (2021)/The Endless Shore (2021).mkv" 22 "$wide"
frame "Small Worlds (2023)/poster.jpg" "Small Worlds (2023)/Small Worlds (2023).mkv" 12 "$tall"
frame "Rule Book/poster.jpg" "Rule Book/Season 01/Rule Book S01E01 Thirty.mkv" 20 "$tall"
frame "Rule Book/fanart.jpg" "Rule Book/Season 01/Rule Book S01E02 One Hundred and Ten.mkv" 20 "$wide"

beside "The Endless Shore (2021)/The Endless Shore (2021).nfo" <<'NFO'
<?xml version="1.0" encoding="UTF-8"?>
<movie>
  <title>The Endless Shore</title>
  <year>2021</year>
  <premiered>2021-06-21</premiered>
  <plot>A slow dive along the edge of the Mandelbrot set. However near one comes to the coast, there is always another bay.</plot>
  <tagline>The nearer, the longer.</tagline>
  <genre>Science</genre>
  <genre>Nature</genre>
  <studio>Plane Pictures</studio>
  <mpaa>G</mpaa>
  <ratings><rating name="house" max="10"><value>8.1</value><votes>212</votes></rating></ratings>
  <director>Benoît Rivage</director>
  <actor><name>Zoe Plane</name><role>The Point</role></actor>
  <actor><name>Julian Quadratic</name><role>The Iteration</role></actor>
</movie>
NFO
beside "The Endless Shore (2021)/The Endless Shore (2021).en.srt" <<'SRT'
1
00:00:02,000 --> 00:00:06,000
Every point asks the same question.

2
00:00:08,000 --> 00:00:13,000
Some never find an answer.
SRT
beside "The Endless Shore (2021)/The Endless Shore (2021).fr.sdh.srt" <<'SRT'
1
00:00:02,000 --> 00:00:06,000
[Accords lents] Chaque point pose la même question.
SRT
beside "Aurora (2019)/Aurora (2019).nfo" <<'NFO'
<movie>
  <title>Aurora</title>
  <originaltitle>Revontulet</originaltitle>
  <year>2019</year>
  <plot>Light over a dark sea, from the first glow to the last.</plot>
  <genre>Nature</genre>
  <studio>Northern Light House</studio>
  <mpaa>FSK 6</mpaa>
  <ratings><rating name="house" max="10"><value>7.4</value><votes>98</votes></rating></ratings>
  <set><name>Light and Sea</name></set>
  <director>Aino Virta</director>
  <actor><name>Zoe Plane</name><role>The Green</role></actor>
</movie>
NFO
beside "Small Worlds (2023)/movie.nfo" <<'NFO'
<movie>
  <title>Small Worlds</title>
  <year>2023</year>
  <plot>Cells are born, crowd each other and die by three simple rules. From afar it looks like a city.</plot>
  <genre>Science</genre>
  <genre>Drama</genre>
  <studio>Plane Pictures</studio>
  <mpaa>PG-13</mpaa>
  <ratings><rating name="house" max="10"><value>8.8</value><votes>431</votes></rating></ratings>
  <director>Conway Field</director>
  <actor><name>Glider Jones</name><role>Herself</role></actor>
  <actor><name>Julian Quadratic</name><role>The Still Life</role></actor>
</movie>
NFO
beside "Le Cœur à ses Raisons (2019)/Le Cœur à ses Raisons (2019).nfo" <<'NFO'
<movie>
  <title>Le Cœur à ses Raisons</title>
  <year>2019</year>
  <plot>Un battement, une couleur, et tout ce que la raison ne connaît point.</plot>
  <genre>Drama</genre>
  <country>France</country>
  <mpaa>16</mpaa>
  <director>Blaise Rivage</director>
  <actor><name>Camille Rose</name><role>Le Cœur</role></actor>
</movie>
NFO
beside "Rule Book/tvshow.nfo" <<'NFO'
<tvshow>
  <title>Rule Book</title>
  <year>2022</year>
  <plot>Each week one rule, one row of cells, and what becomes of them.</plot>
  <genre>Science</genre>
  <studio>Plane Pictures</studio>
  <mpaa>TV-Y7</mpaa>
  <status>Ended</status>
  <ratings><rating name="house" max="10"><value>9.0</value><votes>1024</votes></rating></ratings>
  <actor><name>Glider Jones</name><role>Presenter</role></actor>
</tvshow>
NFO
beside "Rule Book/Season 01/Rule Book S01E01 Thirty.nfo" <<'NFO'
<episodedetails>
  <title>Thirty</title>
  <season>1</season>
  <episode>1</episode>
  <aired>2022-03-01</aired>
  <plot>The rule that makes randomness from a single cell.</plot>
</episodedetails>
NFO
