import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** WordPress brings this version: https://core.trac.wordpress.org/ticket/58872. */
export const JQUERY = readFileSync(createRequire(import.meta.url).resolve('jquery/dist/jquery.min.js'), 'utf8');

/** A form as its builder prints it, shortened, and its script: what that does when the form is submitted. */
export interface Built {
  name: string;
  /** The id that the form is known by. */
  id: string | null;
  html: string;
  /** Run behind the form, where `jQuery` is there. `answer(path)` asks the server, which `refuses` where the page is asked so. */
  script: string;
  /** Of the fields, by what they are filled with. */
  fields: { name: string[]; email: string; phone: string };
  button: string;
}

/** Asks the builder's server, which refuses with 200, as theirs do. */
export const ANSWER = `const answer = async (path, body) => (await fetch(path, { method: 'POST', body })).json();`;

export const BUILT: Built[] = [
  {
    name: 'Contact Form 7',
    id: null,
    // https://github.com/rocklobster-in/contact-form-7: includes/contact-form.php, includes/js/src/submit.js
    html: `<div class="wpcf7 js" id="wpcf7-f8-p2-o1" lang="en-US" dir="ltr" data-wpcf7-id="8">
      <div class="screen-reader-response"><p role="status" aria-live="polite" aria-atomic="true"></p> <ul></ul></div>
      <form action="/contact/#wpcf7-f8-p2-o1" method="post" class="wpcf7-form init" aria-label="Contact form" novalidate="novalidate" data-status="init">
      <fieldset class="hidden-fields-container"><input type="hidden" name="_wpcf7" value="8" /><input type="hidden" name="_wpcf7_unit_tag" value="wpcf7-f8-p2-o1" /></fieldset>
      <input class="wpcf7-form-control wpcf7-hidden" value="" type="hidden" name="utm_source" />
      <p><label> Your name<br /><span class="wpcf7-form-control-wrap" data-name="your-name"><input size="40" maxlength="400" class="wpcf7-form-control wpcf7-text" autocomplete="name" aria-required="true" aria-invalid="false" value="" type="text" name="your-name" /></span></label></p>
      <p><label> Your email<br /><span class="wpcf7-form-control-wrap" data-name="your-email"><input class="wpcf7-form-control wpcf7-email wpcf7-text" autocomplete="email" value="" type="email" name="your-email" /></span></label></p>
      <p><label> Phone<br /><span class="wpcf7-form-control-wrap" data-name="your-tel"><input class="wpcf7-form-control wpcf7-tel wpcf7-text" value="" type="tel" name="your-tel" /></span></label></p>
      <p><input class="wpcf7-form-control wpcf7-submit has-spinner" type="submit" value="Submit" /></p><div class="wpcf7-response-output" aria-hidden="true"></div></form></div>`,
    script: `document.querySelectorAll('.wpcf7 > form').forEach((form) => form.addEventListener('submit', (event) => {
      event.preventDefault();
      const formData = new FormData(form);
      const inputs = Array.from(formData, ([name, value]) => ({ name, value }));
      answer('/wp-json/contact-form-7/v1/contact-forms/8/feedback', formData).then(({ status }) => {
        const name = { mail_sent: 'mailsent', spam: 'spam', validation_failed: 'invalid' }[status];
        form.closest('.wpcf7').dispatchEvent(new CustomEvent('wpcf7' + name, { bubbles: true, detail: { contactFormId: 8, unitTag: 'wpcf7-f8-p2-o1', status, inputs } }));
        form.closest('.wpcf7').dispatchEvent(new CustomEvent('wpcf7submit', { bubbles: true, detail: { contactFormId: 8, status, inputs } }));
        if (status === 'mail_sent') form.reset();
      });
    }));`,
    fields: { name: ['your-name'], email: 'your-email', phone: 'your-tel' },
    button: '.wpcf7-submit',
  },
  {
    name: 'WPForms',
    id: 'wpforms-form-28',
    // https://wordpress.org/plugins/wpforms-lite/: assets/js/frontend/wpforms.js
    html: `<div class="wpforms-container wpforms-container-full wpforms-render-modern" id="wpforms-28"><form id="wpforms-form-28" class="wpforms-validate wpforms-form wpforms-ajax-form" data-formid="28" method="post" enctype="multipart/form-data" action="/contact/" data-token="d873e387c137" novalidate="novalidate">
      <div class="wpforms-field-container"><div id="wpforms-28-field_0-container" class="wpforms-field wpforms-field-name" data-field-id="0"><fieldset><legend class="wpforms-field-label">Name</legend><div class="wpforms-field-row wpforms-field-medium">
      <div class="wpforms-field-row-block wpforms-first wpforms-one-half"><input type="text" id="wpforms-28-field_0" class="wpforms-field-name-first wpforms-field-required" name="wpforms[fields][0][first]" required><label for="wpforms-28-field_0" class="wpforms-field-sublabel after">First</label></div>
      <div class="wpforms-field-row-block wpforms-one-half"><input type="text" id="wpforms-28-field_0-last" class="wpforms-field-name-last wpforms-field-required" name="wpforms[fields][0][last]" required><label for="wpforms-28-field_0-last" class="wpforms-field-sublabel after">Last</label></div></div></fieldset></div>
      <div class="wpforms-field wpforms-field-email"><label class="wpforms-field-label" for="wpforms-28-field_1">Email</label><input type="email" id="wpforms-28-field_1" class="wpforms-field-medium" name="wpforms[fields][1]" spellcheck="false" required></div>
      <div class="wpforms-field wpforms-field-phone"><label class="wpforms-field-label" for="wpforms-28-field_2">Phone</label><input type="tel" id="wpforms-28-field_2" class="wpforms-field-medium" data-rule-us-phone-field="true" name="wpforms[fields][2]"></div></div>
      <div class="wpforms-submit-container"><input type="hidden" name="wpforms[id]" value="28"><button type="submit" name="wpforms[submit]" id="wpforms-submit-28" class="wpforms-submit" value="wpforms-submit">Submit</button></div></form></div>`,
    script: `jQuery('.wpforms-form').on('submit', function (event) {
      event.preventDefault();
      const $form = jQuery(this);
      const formData = new FormData($form.get(0));
      formData.append('action', 'wpforms_submit');
      jQuery.ajax({ type: 'post', dataType: 'json', url: '/wp-admin/admin-ajax.php', data: formData, cache: false, contentType: false, processData: false, success(json) {
        if (!json.success) return void $form.trigger('wpformsAjaxSubmitFailed', json);
        $form.trigger('wpformsAjaxSubmitSuccess', json);
        $form.closest('.wpforms-container').html('<div class="wpforms-confirmation-container-full">Thanks</div>');
      } });
    });`,
    fields: {
      name: ['wpforms[fields][0][first]', 'wpforms[fields][0][last]'],
      email: 'wpforms[fields][1]',
      phone: 'wpforms[fields][2]',
    },
    button: '.wpforms-submit',
  },
  {
    name: 'Elementor',
    id: null,
    // https://developers.elementor.com/docs/form-actions/: elementor-pro/assets/js/form.js triggers `submit_success`
    html: `<div class="elementor-element elementor-element-96a5f87 elementor-widget elementor-widget-form" data-id="96a5f87" data-element_type="widget" data-widget_type="form.default"><div class="elementor-widget-container"><form class="elementor-form" method="post" name="Quote" aria-label="Quote">
      <input type="hidden" name="post_id" value="5269"/><input type="hidden" name="form_id" value="96a5f87"/><input type="hidden" name="referer_title" value="Home" />
      <div class="elementor-form-fields-wrapper elementor-labels-above">
      <div class="elementor-field-type-text elementor-field-group elementor-column"><label for="form-field-name" class="elementor-field-label">Name</label><input size="1" type="text" name="form_fields[name]" id="form-field-name" class="elementor-field elementor-size-sm elementor-field-textual" placeholder="Name"></div>
      <div class="elementor-field-type-email elementor-field-group elementor-column elementor-field-required"><label for="form-field-email" class="elementor-field-label">Email</label><input size="1" type="email" name="form_fields[email]" id="form-field-email" class="elementor-field elementor-field-textual" placeholder="Email" required="required"></div>
      <div class="elementor-field-type-tel elementor-field-group elementor-column"><label for="form-field-field_3a" class="elementor-field-label">Call me at</label><input size="1" type="tel" name="form_fields[field_3a]" id="form-field-field_3a" class="elementor-field elementor-field-textual"></div>
      <div class="elementor-field-type-hidden elementor-field-group elementor-column"><input size="1" type="hidden" name="form_fields[utm_source]" id="form-field-utm_source" class="elementor-field elementor-size-sm elementor-field-textual"></div>
      <div class="elementor-field-group elementor-column elementor-field-type-submit e-form__buttons"><button class="elementor-button elementor-size-sm" type="submit"><span>Send</span></button></div></div></form></div></div>`,
    script: `jQuery('.elementor-form').on('submit', function (event) {
      event.preventDefault();
      const $form = jQuery(this);
      const formData = new FormData(this);
      formData.append('action', 'elementor_pro_forms_send_form');
      jQuery.ajax({ url: '/wp-admin/admin-ajax.php', type: 'POST', dataType: 'json', data: formData, processData: false, contentType: false, success(response) {
        if (!response.success) return void $form.trigger('error');
        $form.trigger('submit_success', response.data);
        $form.trigger('form_destruct', response.data);
        $form.trigger('reset');
      } });
    });`,
    fields: { name: ['form_fields[name]'], email: 'form_fields[email]', phone: 'form_fields[field_3a]' },
    button: '.elementor-button',
  },
  {
    name: 'Gravity Forms, in a frame',
    id: 'gform_1',
    // https://docs.gravityforms.com/ajax-form-submission/; form_display.php of 2.9: the frame's page says so to this one.
    html: `<div class='gf_browser_chrome gform_wrapper gravity-theme' id='gform_wrapper_1'><form method='post' enctype='multipart/form-data' target='gform_ajax_frame_1' id='gform_1' action='/framed' data-formid='1' novalidate>
      <div class='gform_body gform-body'><div id='gform_fields_1' class='gform_fields top_label form_sublabel_below description_below'>
      <fieldset id="field_1_1" class="gfield gfield--type-name"><legend class='gfield_label gform-field-label gfield_label_before_complex'>Name</legend><div class='ginput_complex ginput_container ginput_container_name' id='input_1_1'>
      <span id='input_1_1_3_container' class='name_first'><input type='text' name='input_1.3' id='input_1_1_3' value='' aria-required='false'/><label for='input_1_1_3' class='gform-field-label gform-field-label--type-sub'>First</label></span>
      <span id='input_1_1_6_container' class='name_last'><input type='text' name='input_1.6' id='input_1_1_6' value='' aria-required='false'/><label for='input_1_1_6' class='gform-field-label gform-field-label--type-sub'>Last</label></span></div></fieldset>
      <div id="field_1_2" class="gfield gfield--type-email"><label class='gfield_label gform-field-label' for='input_1_2'>Email</label><div class='ginput_container ginput_container_email'><input name='input_2' id='input_1_2' type='email' value='' class='large'/></div></div>
      <div id="field_1_3" class="gfield gfield--type-phone"><label class='gfield_label gform-field-label' for='input_1_3'>Phone</label><div class='ginput_container ginput_container_phone'><input name='input_3' id='input_1_3' type='tel' value='' class='large'/></div></div></div></div>
      <div class='gform-footer gform_footer top_label'><input type='submit' id='gform_submit_button_1' class='gform_button button' onclick='gform.submission.handleButtonClick(this);' data-submission-type='submit' value='Submit'/>
      <input type='hidden' class='gform_hidden' name='gform_submission_method' data-js='gform_submission_method_1' value='iframe' /><input type='hidden' class='gform_hidden' name='is_submit_1' value='1' /></div></form></div>
      <iframe style='display:none;width:0px;height:0px;' src='about:blank' name='gform_ajax_frame_1' id='gform_ajax_frame_1' title='This iframe contains the logic required to handle Ajax powered Gravity Forms.'></iframe>`,
    script: `window.gform = { submission: { handleButtonClick(button) { event.preventDefault(); jQuery(button.closest('form')).trigger('submit', [true]); } } };
      jQuery('#gform_ajax_frame_1').on('load', function () {
        const contents = jQuery(this).contents().find('body').text();
        if (!contents) return;
        const { success } = JSON.parse(contents);
        if (!success) return;
        jQuery('#gform_wrapper_1').replaceWith('<div id="gform_confirmation_wrapper_1">Thanks</div>');
        jQuery(document).trigger('gform_confirmation_loaded', [1]);
      });`,
    fields: { name: ['input_1.3', 'input_1.6'], email: 'input_2', phone: 'input_3' },
    button: '#gform_submit_button_1',
  },
  {
    name: 'HubSpot, an older form in the page',
    id: 'b5193473-08e6-4034-8272-a58cdfc9659d',
    // https://developers.hubspot.com/docs/cms/start-building/features/forms/legacy-forms
    html: `<div class="hbspt-form" id="hbspt-form-1636723487533-5013710472"><form novalidate="" accept-charset="UTF-8" action="https://forms.hsforms.com/submissions/v3/public/submit/formsnext/multipart/6969643/b5193473-08e6-4034-8272-a58cdfc9659d" enctype="multipart/form-data" id="hsForm_b5193473-08e6-4034-8272-a58cdfc9659d" method="POST" class="hs-form stacked hs-form-private" data-form-id="b5193473-08e6-4034-8272-a58cdfc9659d" data-portal-id="6969643" target="target_iframe_b5193473-08e6-4034-8272-a58cdfc9659d" data-reactid=".hbspt-forms-0">
      <div class="hs_firstname hs-firstname hs-fieldtype-text field hs-form-field"><label for="firstname-b519"><span>First name</span></label><div class="input"><input id="firstname-b519" class="hs-input" type="text" name="firstname" value="" autocomplete="given-name"></div></div>
      <div class="hs_lastname hs-lastname hs-fieldtype-text field hs-form-field"><label for="lastname-b519"><span>Last name</span></label><div class="input"><input id="lastname-b519" class="hs-input" type="text" name="lastname" value="" autocomplete="family-name"></div></div>
      <div class="hs_email hs-email hs-fieldtype-text field hs-form-field"><label for="email-b519"><span>Email</span><span class="hs-form-required">*</span></label><div class="input"><input id="email-b519" class="hs-input" type="email" name="email" required="" value="" autocomplete="email" inputmode="email"></div></div>
      <div class="hs_phone hs-phone hs-fieldtype-phonenumber field hs-form-field"><label for="phone-b519"><span>Phone number</span></label><div class="input"><input id="phone-b519" class="hs-input" type="tel" name="phone" value="" autocomplete="tel" inputmode="tel"></div></div>
      <div class="hs_submit hs-submit"><input type="hidden" name="hs_context" value="{}"><div class="actions"><input type="submit" class="hs-button primary large" value="Submit"></div></div></form></div>`,
    script: `document.querySelector('.hs-form').addEventListener('submit', async (event) => {
      event.preventDefault();
      const id = event.target.dataset.formId;
      const data = Array.from(new FormData(event.target), ([name, value]) => ({ name, value }));
      const say = (eventName, data) => window.postMessage({ type: 'hsFormCallback', eventName, id, data }, '*');
      say('onBeforeFormSubmit', data);
      say('onFormSubmit', data);
      const { success } = await answer('/submissions/v3/public/submit', JSON.stringify(data)).catch(() => ({}));
      if (success) say('onFormSubmitted', { formGuid: id, conversionId: 'c1', submissionValues: Object.fromEntries(data.map(({ name, value }) => [name, value])) });
    });`,
    fields: { name: ['firstname', 'lastname'], email: 'email', phone: 'phone' },
    button: '.hs-button',
  },
];
