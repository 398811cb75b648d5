"""What saves a chart as a picture in the browser: see `picture`, which draws the button."""

from __future__ import annotations

#: Presses the button of the toolbar, and draws the words around the picture that it makes. Once for each visit.
SCRIPT = """<script>
if (!window.sen2Pictures) {
  window.sen2Pictures = true;
  // The button of the toolbar, and the milliseconds after which a picture that never came is given up.
  const PNG = 'button[aria-label^="Download as PNG"]', PATIENCE = 5_000;
  let words = null, since = 0;
  const say = (button, text) => {
    const note = button.parentElement.querySelector('[role=status]') ?? document.createElement('span');
    note.setAttribute('role', 'status');
    button.after(note);
    note.textContent = text;
  };
  const around = (picture, { title, above, below }) => {
    const scale = Math.max(2, window.devicePixelRatio || 1), edge = 16 * scale;
    const width = Math.max(picture.width, 640 * scale) + 2 * edge;
    const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
    const font = (size, weight) => `${weight} ${size * scale}px "Source Sans", "Source Sans Pro", Arial, sans-serif`;
    const wrapped = (text, size, weight = 400, colour = '#0b0c0c') => {
      pen.font = font(size, weight);
      const lines = [''];
      for (const word of text.split(' ')) {
        const longer = `${lines.at(-1)} ${word}`.trim();
        if (pen.measureText(longer).width <= width - 2 * edge) lines[lines.length - 1] = longer;
        else lines.push(word);
      }
      return lines.map((line) => ({ line, size, weight, colour }));
    };
    const head = [...wrapped(title, 20, 700), ...above.flatMap((text) => wrapped(text, 14))];
    const foot = below.flatMap((text) => wrapped(text, 12, 400, '#505a5f'));
    const tall = (lines) => lines.reduce((sum, { size }) => sum + 1.35 * size * scale, 0);
    canvas.width = width;
    canvas.height = 4 * edge + tall(head) + picture.height + tall(foot);
    pen.fillStyle = 'white';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.textBaseline = 'top';
    const write = (lines, top) => lines.reduce((at, { line, size, weight, colour }) => {
      pen.font = font(size, weight);
      pen.fillStyle = colour;
      pen.fillText(line, edge, at);
      return at + 1.35 * size * scale;
    }, top);
    const under = write(head, edge) + edge;
    pen.drawImage(picture, edge, under);
    write(foot, under + picture.height + edge);
    return canvas;
  };
  window.addEventListener('click', (event) => {
    const target = event.target, figure = target.closest?.('[class*="_figure"][class*="st-key-"]');
    const button = figure?.querySelector('.sen2-picture');
    if (button && button.contains(target)) {
      const own = figure.querySelector(`[data-testid=stElementToolbar] ${PNG}`);
      say(button, own ? '' : 'No picture yet. Wait until the chart is drawn, then try again.');
      own?.click();
    } else if (button && target.closest(PNG)) {
      // One picture at a time, so that none gets the words of another.
      if (words && Date.now() - since < PATIENCE) {
        event.preventDefault();
        event.stopPropagation();
      } else {
        words = button.dataset;
        since = Date.now();
      }
    } else if (words && target.matches?.('a[download][href^="data:image/png"]')) {
      event.preventDefault();
      event.stopPropagation();
      const { name, text } = words, picture = new Image();
      words = null;
      picture.onload = () => around(picture, JSON.parse(text)).toBlob((blob) => {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(blob);
        link.download = name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      });
      picture.src = target.href;
    }
  }, true);
}
</script>"""
