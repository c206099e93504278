// Whole folders: dropped on a field, or chosen by a button with the attribute data-folder-of. A browser's own field takes files only.

// A file under the name of its place: pictures and masks of one name lie in two folders. The server of NiceGUI takes
// folders off a name, so they are parted by a sign that looks like a slash and is none (_FOLDER in places.py).
const placed = (file, path) => new File([file], (path || file.name).replaceAll("/", "\u2215"), { type: file.type, lastModified: file.lastModified });

// All files of dropped entries, folders walked through; what the system hides is left behind.
async function filesOf(entries) {
  const found = [];
  for (const entry of entries) {
    if (!entry || entry.name.startsWith(".")) continue;
    if (entry.isFile) { found.push(placed(await new Promise((done, fail) => entry.file(done, fail)), entry.fullPath.slice(1))); continue; }
    const reader = entry.createReader();
    for (;;) {
      const part = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!part.length) break;
      found.push(...(await filesOf(part)));
    }
  }
  return found;
}

const isSeen = (file) => !(file.webkitRelativePath || file.name).split("/").some((part) => part.startsWith("."));

// Tables first: the form can be filled in while the pictures still come.
const late = (file) => !/\.(csv|tsv|xlsx|xlsm|parquet)$/i.test(file.name);

// The uploader of NiceGUI takes files by its method.
const give = (zone, files) => window.getElement(Number(zone.id.replace(/^c/, "")) || zone.id).$refs.qRef.addFiles(files.sort((a, b) => late(a) - late(b)));

document.addEventListener("drop", async (event) => {
  const zone = event.target.closest && event.target.closest("[data-folders]");
  if (!zone) return;
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
  if (!entries.some((entry) => entry && entry.isDirectory)) return;
  event.preventDefault();
  event.stopPropagation();
  zone.querySelector(".q-uploader__dnd")?.dispatchEvent(new DragEvent("dragleave", { bubbles: true }));
  give(zone, await filesOf(entries));
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest("[data-folder-of]");
  if (!button) return;
  const zone = document.querySelector(`[data-folders="${button.dataset.folderOf}"]`), field = document.createElement("input");
  Object.assign(field, { type: "file", webkitdirectory: true });
  field.addEventListener("change", () => give(zone, [...field.files].filter(isSeen).map((file) => placed(file, file.webkitRelativePath))));
  field.click();
});
