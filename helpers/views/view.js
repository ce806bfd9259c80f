  const make = (name, text, tag = "div") => {
    const node = document.createElement(tag);
    node.className = name;
    if (text != null) node.textContent = text;
    if (/[\u3131-\ud7a3]/.test(text)) node.lang = "ko";
    return node;
  };
  const within = (name, ...children) => {
    const node = make(name);
    node.append(...children);
    return node;
  };
  const tell = (text, fields) =>  // a message with its {names} filled in
    text.replace(/{(\w+)}/g, (field, name) => fields[name] ?? field);
  const group = (node, label) => {
    node.setAttribute("role", "group");
    node.setAttribute("aria-label", label);
    return node;
  };
  const onKeys = (node, keys) => {  // `keys` returns what each key does; other keys pass
    node.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const act = keys()[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();  // else JupyterLab changes the cell and reveal.js the slide
      act();
    });
  };
  const begin = (id, start) => document.querySelectorAll(`[id="${id}"]:not([data-ready])`).forEach((root) => {
    root.dataset.ready = "yes";
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    const app = make("view-app");
    app.dataset.preventSwipe = "";  // reveal.js: a drag within turns no page
    app.onkeydown = (event) => {  // nor does the key that presses a button
      if (event.target.tagName === "BUTTON" && [" ", "Enter"].includes(event.key)) event.stopPropagation();
    };
    root.querySelector(".view-still").replaceWith(app);
    start(app, data, root);
  });
  const onWidth = (app, act) => {
    let seen = app.clientWidth;
    if (window.ResizeObserver) new ResizeObserver(() => {
      if (app.clientWidth && app.clientWidth !== seen) { seen = app.clientWidth; act(); }
    }).observe(app);
  };
